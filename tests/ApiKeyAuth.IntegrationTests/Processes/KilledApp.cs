using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>
/// Represents an app that manages keys in its own process, so that a test can end it at any moment. It is the tests' own program, started
/// by their file.
/// </summary>
internal static class KilledApp
{
    /// <summary>The configured key, which has all rights.</summary>
    public static string Admin { get; } = "key_live_" + new string('k', 43);

    public static RunningProcess Start(string provider, string connectionString) =>
        new("dotnet", [typeof(KilledApp).Assembly.Location, "killed", provider, connectionString], AppContext.BaseDirectory);

    public static async Task RunAsync(string provider, string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Killed:Format:Checksum"] = "false";
        builder.Configuration["Killed:Keys:0:Id"] = "key_admin";
        builder.Configuration["Killed:Keys:0:Environment"] = "live";
        builder.Configuration["Killed:Keys:0:Hash"] = new ApiKeyHasher([]).Hash(Admin).Format();
        builder.Configuration["Killed:Keys:0:Scopes:0"] = "*";
        var keys = builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("Killed"));
        _ = provider == "sqlite" ? keys.AddSqlite(database) : keys.AddPostgreSql(database);
        keys.MigrateOnStartup();
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapApiKeys("/api-keys").RequireKeyScopes();
        await app.RunAsync();
    }
}
