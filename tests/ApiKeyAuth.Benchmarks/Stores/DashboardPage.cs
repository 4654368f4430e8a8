using System.Diagnostics;
using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Benchmarks.Stores;

/// <summary>Measures the first page of the dashboard's list, over loopback, with all keys in a SQLite file.</summary>
internal sealed class DashboardPage(int count)
{
    private const int Rounds = 300;
    private const int WarmUp = 30;
    private const int Hours = 36;

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-");
        try
        {
            await MeasureAsync($"Data Source={Path.Combine(folder.FullName, "keys.db")}");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static WebApplication Build(string connectionString)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddApiKeyAuth(options => options.Management.ManagesOthers = _ => true).AddSqlite(connectionString).AddDashboard();
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/sign-in", async (HttpContext context) => await context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, "ada"), new(ApiKeyClaimTypes.TenantId, "tenant")],
            CookieAuthenticationDefaults.AuthenticationScheme))));
        app.MapApiKeyDashboard("/keys").RequireAuthorization();
        return app;
    }

    /// <summary>Adds usage of the last hours to the keys of the first page.</summary>
    private static async Task AddUsageAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var page = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>()
            .ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { Limit = 25 });
        var now = TimeProvider.System.GetUtcNow();
        var hour = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var records = page.Value!.Keys.SelectMany(key => Enumerable.Range(0, Hours).SelectMany(hours =>
            new[] { ApiKeyUsageOutcomes.Success, ApiKeyUsageOutcomes.ServerError }.Select(outcome => new ApiKeyUsageRecord
            {
                KeyId = key.Id,
                Hash = key.Secrets[0].Hash,
                Count = 100 + hours,
                LastUsedAt = now,
                Hour = hour.AddHours(-hours),
                Outcome = outcome,
            })));
        var store = (IApiKeyUsageStore)scope.ServiceProvider.GetRequiredService<IWritableApiKeyStore>();
        await store.AddUsageAsync(new ApiKeyUsageBatch { Id = Guid.NewGuid(), CreatedAt = now, Records = [.. records] }, default);
    }

    private async Task MeasureAsync(string connectionString)
    {
        await using var app = Build(connectionString);
        await app.Services.MigrateApiKeysAsync();
        await using (var connection = new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await SampleKeys.InsertAsync(connection, count);
            await SampleKeys.Command(connection, "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").ExecuteNonQueryAsync();
        }

        await AddUsageAsync(app.Services);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        (await client.GetAsync("/sign-in")).EnsureSuccessStatusCode();
        await MeasureAsync(client, "first page", "/keys");
        await MeasureAsync(client, "a key", $"/keys/key/{SampleKeys.Id(count - 1)}");
        await app.StopAsync();
    }

    private async Task MeasureAsync(HttpClient client, string name, string path)
    {
        var times = new List<double>(Rounds);
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            await client.GetStringAsync(path);
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        times.Sort();
        var (median, high) = (times[Rounds / 2], times[Rounds * 95 / 100]);
        Console.WriteLine($"{name}, {count:N0} keys on SQLite: {median:F1} ms, 95th percentile {high:F1} ms");
    }
}
