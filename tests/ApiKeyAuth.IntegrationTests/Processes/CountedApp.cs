using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Represents one of several nodes that count usage in one database.</summary>
internal static class CountedApp
{
    public static async Task RunAsync(string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth(options =>
        {
            options.Cache.StoreTimeout = NodeApp.StoreTimeout;
            options.Usage.FlushInterval = TimeSpan.FromSeconds(1);
        }).AddPostgreSql(database);
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.RunAsync();
    }
}
