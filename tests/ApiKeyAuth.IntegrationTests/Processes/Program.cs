using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>A node in a process of its own, started by a test with the database as its argument.</summary>
internal static class Program
{
    public static async Task Main(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth(options => options.Usage.FlushInterval = TimeSpan.FromSeconds(1)).AddPostgreSql(arguments[0]);
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.RunAsync();
    }
}
