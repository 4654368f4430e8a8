using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyUsageConformance
{
    private static readonly DateTimeOffset Hour = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Day = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Uses are summed by hour, outcome, country and network. A time range includes its start and excludes its end.</summary>
    [Test]
    public async Task GetUsage_SeveralRecords_SumsByHourOutcomeCountryAndNetwork()
    {
        var (key, other) = (Sample.Key(), Sample.Key());
        var (_, uses) = await CreateAsync(key, other);
        var use = Sample.UsageRecord(key, 2, Sample.Now);
        for (var round = 0; round < 2; round++)
        {
            await uses.AddUsageAsync(
                Sample.Batch(
                    use,
                    use with { Hash = Sample.Hash(), Count = 1 },
                    use with { Outcome = "insufficient_scope" },
                    use with { Country = "", Network = "" },
                    use with { Hour = Hour.AddHours(1), Country = "FR", Network = "2001:db8:1::/48" },
                    Sample.UsageRecord(other, 9, Sample.Now)),
                default);
        }

        var history = await GetHistoryAsync(uses, key);
        var first = await uses.GetUsageAsync(new() { KeyId = key.Id, From = Hour, To = Hour.AddHours(1) }, default);

        Assert.That(history.Periods.Select(period => (period.Start, period.IsDay, period.Outcome, period.Count)), Is.EqualTo(new[]
        {
            (Hour, false, "insufficient_scope", 4L), (Hour, false, "success", 10L), (Hour.AddHours(1), false, "success", 4L),
        }));
        Assert.That(history.Countries, Is.EquivalentTo(new Dictionary<string, long> { ["CH"] = 10, ["FR"] = 4, [""] = 4 }));
        Assert.That((history.NetworkCount, history.LastUsedAt), Is.EqualTo((2L, (DateTimeOffset?)Sample.Now)));
        Assert.That((first.Periods.Sum(period => period.Count), first.Countries.Count), Is.EqualTo((14L, 2)));
    }

    /// <summary>The usage of several keys is the same as that of each. Keys without usage and unknown keys are omitted.</summary>
    [Test]
    public async Task ListUsage_SeveralKeys_EqualsTheUsageOfEach()
    {
        var (key, other, unused) = (Sample.Key(), Sample.Key(), Sample.Key());
        var (_, uses) = await CreateAsync(key, other, unused);
        var use = Sample.UsageRecord(key, 2, Sample.Now);
        await uses.AddUsageAsync(
            Sample.Batch(
                use,
                use with { Outcome = "insufficient_scope" },
                use with { Country = "FR" },
                use with { Hour = Hour.AddHours(1) },
                use with { Hour = Hour.AddHours(-2) },
                Sample.UsageRecord(other, 9, Sample.Now)),
            default);

        string[] ids = [key.Id, unused.Id, other.Id, "key_unknown", "\0"];
        var listed = await uses.ListUsageAsync(ids, Hour, Hour.AddHours(2), default);

        Assert.That(listed.Keys, Is.EquivalentTo(new[] { key.Id, other.Id }));
        Assert.That(listed[key.Id].Select(period => (period.Start, period.IsDay, period.Outcome, period.Count)), Is.EqualTo(new[]
        {
            (Hour, false, "insufficient_scope", 2L), (Hour, false, "success", 4L), (Hour.AddHours(1), false, "success", 2L),
        }));
        Assert.That(listed[other.Id].Sum(period => period.Count), Is.EqualTo(9));
        Assert.That(await uses.ListUsageAsync([], Hour, Hour.AddHours(2), default), Is.Empty);
    }

    /// <summary>The last use of each scope is kept, and never replaced by an earlier time.</summary>
    [Test]
    public async Task GetUsage_Scopes_ReturnsTheLastUseOfEach()
    {
        var key = Sample.Key();
        var (_, uses) = await CreateAsync(key);
        ApiKeyScopeLastUse Scope(string scope, int minute) =>
            new() { KeyId = key.Id, Scope = scope, LastUsedAt = Sample.Now.AddMinutes(minute) };
        await uses.AddUsageAsync(Sample.Batch() with { Scopes = [Scope("a:read", 5), Scope("b", 1)] }, default);
        await uses.AddUsageAsync(
            Sample.Batch(Sample.UsageRecord(key, 1, Sample.Now)) with { Scopes = [Scope("a:read", 3), Scope("b", 2)] }, default);

        Assert.That((await GetHistoryAsync(uses, key)).Scopes, Is.EquivalentTo(new Dictionary<string, DateTimeOffset>
        {
            ["a:read"] = Sample.Now.AddMinutes(5),
            ["b"] = Sample.Now.AddMinutes(2),
        }));
    }

    /// <summary>Origins are limited to a time range and to the requested countries and networks.</summary>
    [Test]
    public async Task GetUsageOrigins_TimeRange_ReturnsTheUsedOrigins()
    {
        var (key, other) = (Sample.Key(), Sample.Key());
        var (_, uses) = await CreateAsync(key, other);
        var use = Sample.UsageRecord(key, 2, Sample.Now);
        await uses.AddUsageAsync(
            Sample.Batch(
                use,
                use with { Hour = Hour.AddHours(1), Country = "", Network = "" },
                Sample.UsageRecord(other, 1, Sample.Now) with { Country = "FR", Network = "other" }),
            default);
        ValueTask<ApiKeyUsageOrigins> GetOriginsAsync(int from, int to, params string[] origins) => uses.GetUsageOriginsAsync(
            new() { KeyId = key.Id, From = Hour.AddHours(from), To = Hour.AddHours(to) }, origins, origins, default);

        var others = await GetOriginsAsync(0, 2, "FR", "198.51.100.0/24");
        var all = await GetOriginsAsync(0, 1, "CH", "FR", "203.0.113.0/24", "198.51.100.0/24");
        var none = await GetOriginsAsync(2, 9, "CH");
        var unknown = await GetOriginsAsync(1, 2, "CH");

        Assert.That((all.IsUsed, all.HasOtherCountries, all.HasOtherNetworks), Is.EqualTo((true, false, false)));
        Assert.That((all.Countries, all.Networks), Is.EqualTo(
            (new Dictionary<string, long> { ["CH"] = 2 }, new Dictionary<string, long> { ["203.0.113.0/24"] = 2 })));
        Assert.That(
            (none.IsUsed, none.HasOtherCountries, none.HasOtherNetworks, none.Countries.Count),
            Is.EqualTo((false, false, false, 0)));
        Assert.That(
            (unknown.IsUsed, unknown.HasOtherCountries, unknown.HasOtherNetworks, unknown.Networks.Count),
            Is.EqualTo((true, false, false, 0)));
        Assert.That((others.HasOtherCountries, others.HasOtherNetworks, others.Countries.Count), Is.EqualTo((true, true, 0)));
        var used = await uses.GetUsageOriginsAsync(new() { KeyId = key.Id, From = Hour, To = Hour.AddHours(1) }, [], [], default);
        Assert.That(used.IsUsed, Is.True);
    }

    /// <summary>Hours of past days are merged into days. Totals do not change, and late uses are added to the day.</summary>
    [Test]
    public async Task RollUp_OldHours_MergesThemIntoDaysAndKeepsTheTotals()
    {
        // More keys than a store is likely to roll up at once.
        var keys = Enumerable.Range(0, 120).Select(_ => Sample.Key()).ToArray();
        var (store, uses) = await CreateAsync(keys);
        ApiKeyUsageRecord[] Uses() =>
        [
            .. keys.SelectMany(key => new[]
            {
                Sample.UsageRecord(key, 1, Sample.Now),
                Sample.UsageRecord(key, 2, Sample.Now.AddHours(3)),
                Sample.UsageRecord(key, 4, Sample.Now.AddDays(1)),
            }),
        ];
        await uses.AddUsageAsync(Sample.Batch(Uses()), default);
        await RollUpAsync(uses, CreateRetention(Day.AddDays(1).AddTicks(-1)));
        Assert.That((await GetHistoryAsync(uses, keys[0])).Periods.Select(period => period.IsDay), Is.All.False, "the day has not ended");

        await RollUpAsync(uses, CreateRetention(Day.AddDays(1.9)));
        await uses.AddUsageAsync(Sample.Batch(Uses()), default);
        await RollUpAsync(uses, CreateRetention(Day.AddDays(1.9)));

        foreach (var key in keys)
        {
            var history = await GetHistoryAsync(uses, key);
            Assert.That(
                history.Periods.Select(period => (period.Start, period.IsDay, period.Count)),
                Is.EqualTo(new[] { (Day, true, 6L), (Hour.AddDays(1), false, 8L) }));
            Assert.That((history.Countries["CH"], (await GetAsync(store, key)).UsageCount), Is.EqualTo((14L, 14L)));
        }
    }

    /// <summary>While several nodes roll up and others flush, the history counts every use once.</summary>
    [Test]
    public async Task RollUp_ConcurrentFlushesAndRollUps_CountsEachUseOnce()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => Sample.Key()).ToArray();
        var (_, uses) = await CreateAsync(keys);
        await RunConcurrentlyAsync(6, async worker =>
        {
            for (var round = 0; round < 10; round++)
            {
                if (worker < 2)
                {
                    await RollUpAsync(uses, CreateRetention(Day.AddDays(1)));
                }
                else
                {
                    var records = keys.Select(key => Sample.UsageRecord(key, 1, Sample.Now.AddHours(round)));
                    await uses.AddUsageAsync(Sample.Batch([.. records]), default);
                }
            }

            return 0;
        });
        await RollUpAsync(uses, CreateRetention(Day.AddDays(1)));

        foreach (var key in keys)
        {
            var periods = (await GetHistoryAsync(uses, key)).Periods;
            Assert.That(
                periods.Select(period => (period.Start, period.IsDay, period.Count)), Is.EqualTo(new[] { (Day, true, 40L) }));
        }
    }

    /// <summary>Days older than the retention are deleted, and a batch whose ID was deleted counts again.</summary>
    [Test]
    public async Task RollUp_PastRetention_DeletesHistory()
    {
        var key = Sample.Key();
        var (store, uses) = await CreateAsync(key);
        var batch = Sample.Batch(Sample.UsageRecord(key, 1, Sample.Now), Sample.UsageRecord(key, 2, Sample.Now.AddDays(1)));
        await uses.AddUsageAsync(batch, default);

        await RollUpAsync(uses, CreateRetention(Day.AddDays(2), daysFrom: Day.AddDays(1), batchesFrom: Sample.Now));
        await uses.AddUsageAsync(batch, default);
        var periods = (await GetHistoryAsync(uses, key)).Periods;
        Assert.That(
            periods.Where(period => period.IsDay).Select(period => (period.Start, period.Count)),
            Is.EqualTo(new[] { (Day.AddDays(1), 2L) }));
        Assert.That((await GetAsync(store, key)).UsageCount, Is.EqualTo(3), "the total is not part of the history, and the batch is known");

        await RollUpAsync(uses, CreateRetention(Day, batchesFrom: Sample.Now.AddTicks(1)));
        await uses.AddUsageAsync(batch, default);
        Assert.That((await GetAsync(store, key)).UsageCount, Is.EqualTo(6));
    }
}
