using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>Flushes the usage of an app and reads it from the store.</summary>
internal static class CountedApp
{
    public static Task FlushAsync(this ManagedApp app) =>
        app.App.Services.GetRequiredService<UsageFlusher>().RunAsync(CancellationToken.None);

    /// <summary>Flushes, and returns the usage history of a key by outcome.</summary>
    public static async Task<Dictionary<string, long>> OutcomesAsync(this ManagedApp app, string id = "key1")
    {
        await app.FlushAsync();
        return (await app.HistoryAsync(id))
            .Periods.GroupBy(period => period.Outcome)
            .ToDictionary(same => same.Key, same => same.Sum(period => period.Count));
    }

    public static async Task<ApiKeyUsageHistory> HistoryAsync(this ManagedApp app, string id = "key1")
    {
        var now = app.App.Clock.GetUtcNow();
        return await app.Store.Inner.GetUsageAsync(
            new() { KeyId = id, From = now.AddYears(-2), To = now.AddYears(2) }, CancellationToken.None);
    }

    public static async Task<ApiKey> KeyAsync(this ManagedApp app, string id = "key1") =>
        (await app.Store.Inner.GetAsync(id, CancellationToken.None))!;
}
