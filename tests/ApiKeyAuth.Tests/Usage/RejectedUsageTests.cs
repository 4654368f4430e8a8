using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Diagnostics;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>Usage that the store rejects is dropped row by row, and does not hold up other usage.</summary>
public sealed class RejectedUsageTests
{
    private const string DroppedOne =
        "The key store rejected usage (ConstraintException): 1 rows violate a constraint, are longer than their column or contain a "
        + "character that cannot be stored, and were dropped. All other usage was stored. Compare the tables with the model of the store.";

    [Test]
    public async Task Flush_OneRowIsRejected_IsDroppedAndAllOthersAreStored()
    {
        await using var app = await ManagedApp.StartAsync();
        using var metrics = new CapturedMetrics(app.App.Services);
        for (var index = 1; index <= 300; index++)
        {
            await app.App.IssueAsync();
            await CountAsync(app, $"key{index}", index == 77 ? 3 : 1);
        }

        app.Store.RejectsUsage = batch => batch.Records.Any(record => record.KeyId == "key77");
        await app.FlushAsync();

        var counts = await CountsAsync(app);
        Assert.That(counts.Where(key => key.Value != 1).ToDictionary(), Is.EqualTo(new Dictionary<string, long> { ["key77"] = 0 }));
        Assert.That(counts, Has.Count.EqualTo(300));
        Assert.That(app.App.Logs.Entries.Single(entry => entry.EventId is 60 or 61 or 64).Message, Is.EqualTo(DroppedOne));
        Assert.That(app.App.Logs.Entries.Where(entry => entry.Text.Contains("hunter2", StringComparison.Ordinal)), Is.Empty);
        Assert.That(metrics.All.Single(measured => measured.Instrument == "apikeyauth.usage.dropped").Value, Is.EqualTo(3));
        Assert.That(metrics.Ours, Does.Contain("apikeyauth.usage.flush.duration s apikeyauth.usage.result=rejected"));

        app.Store.RejectsUsage = null;
        await CountAsync(app, "key77", 1);
        await app.FlushAsync();
        Assert.That((await app.KeyAsync("key77")).UsageCount, Is.EqualTo(1));
        Assert.That(app.App.Logs.Entries.Count(entry => entry.EventId == 64), Is.EqualTo(1));

        // A flush without usage releases the rows of the counters, so that only those of pending batches would remain.
        await app.FlushAsync();
        Assert.That(metrics.All.Last(measured => measured.Instrument == "apikeyauth.usage.pending").Value, Is.Zero);
    }

    [Test]
    public async Task Flush_StoreFailsAfterARejection_RestIsStoredOnceLater()
    {
        await using var app = await ManagedApp.StartAsync();
        for (var index = 1; index <= 8; index++)
        {
            await app.App.IssueAsync();
            await CountAsync(app, $"key{index}", 1);
        }

        app.Store.RejectsUsage = batch =>
        {
            app.Store.LosesAnswers = batch.Records.Count < 8;
            return batch.Records.Any(record => record.KeyId == "key5");
        };
        for (var round = 0; round < 20; round++)
        {
            await app.FlushAsync();
        }

        app.Store.LosesAnswers = false;
        app.Store.RejectsUsage = batch => batch.Records.Any(record => record.KeyId == "key5");
        await app.FlushAsync();
        var counts = await CountsAsync(app);
        Assert.That(counts.Where(key => key.Value != 1).ToDictionary(), Is.EqualTo(new Dictionary<string, long> { ["key5"] = 0 }));
        Assert.That(app.App.Logs.Entries.Single(entry => entry.EventId == 64).Message, Is.EqualTo(DroppedOne));
    }

    [Test]
    public async Task Flush_OneOfTwoStoresRejectsEverything_TheOtherStoresItOnce([Values] bool rejectingIsFirst)
    {
        var other = new SwitchedStore { RejectsUsage = _ => true };
        await using var app = await ManagedApp.StartAsync(services: all =>
        {
            var store = ServiceDescriptor.Singleton<IApiKeyStore>(other);
            all.Insert(rejectingIsFirst ? 0 : all.Count, store);
        });
        for (var index = 1; index <= 4; index++)
        {
            await app.App.IssueAsync();
            await CountAsync(app, $"key{index}", 1);
        }

        await app.FlushAsync();

        Assert.That((await CountsAsync(app)).Values, Is.EqualTo(new[] { 1, 1, 1, 1 }));
        Assert.That(
            app.App.Logs.Entries.Single(entry => entry.EventId is 60 or 61 or 64).Message,
            Is.EqualTo(DroppedOne.Replace(" 1 rows", " 4 rows", StringComparison.Ordinal)));
        await app.FlushAsync();
        Assert.That(app.App.Logs.Entries.Count(entry => entry.EventId == 64), Is.EqualTo(1));
    }

    private static async Task<Dictionary<string, long>> CountsAsync(ManagedApp app) =>
        (await app.Store.Inner.ListAsync(new() { Limit = 1000, AllTenants = true }, default))
            .ToDictionary(key => key.Id, key => key.UsageCount);

    private static async Task CountAsync(ManagedApp app, string id, int count)
    {
        var key = await app.KeyAsync(id);
        for (var index = 0; index < count; index++)
        {
            app.App.Services.GetRequiredService<UsageCounter>().Count(
                new VerifiedApiKey(key, key.Secrets[0], key.Scopes), ApiKeyUsageOutcomes.Success, null);
        }
    }
}
