using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.History;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Defines the tests that every alert store must pass. Inherit one fixture for each store.</summary>
public abstract class ApiKeyAlertStoreConformance
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromHours(30);
    private static readonly string[] Targets = ["one", "two"];

    private IApiKeyAlertStore _store = null!;

    /// <summary>Creates an empty store.</summary>
    protected abstract ValueTask<IApiKeyAlertStore> CreateStoreAsync();

    /// <summary>Adds a key with an ID if alerts refer to stored keys. The default implementation does nothing.</summary>
    protected virtual ValueTask AddKeyAsync(string id) => ValueTask.CompletedTask;

    /// <summary>Creates the store before each test.</summary>
    [SetUp]
    public async Task CreateAsync() => _store = await CreateStoreAsync();

    /// <summary>Settings are read back completely, replaced completely, and removed.</summary>
    [Test]
    public async Task SetSettings_SeveralSubjects_KeepsTheSettingsOfEach()
    {
        await AddKeyAsync("key_1");
        var (key, tenant) = (ApiKeyAlertSubject.Key("key_1"), ApiKeyAlertSubject.Tenant("Zürich 🔑"));
        var full = new ApiKeyAlertSettings
        {
            UnusualActivity = true,
            HighUsage = new() { Threshold = long.MaxValue, Period = ApiKeyAlertPeriod.Daily },
            Failures = new() { Threshold = 1, Period = ApiKeyAlertPeriod.Hourly },
        };
        var part = new ApiKeyAlertSettings { Failures = new() { Threshold = 5, Period = ApiKeyAlertPeriod.Daily } };
        await _store.SetSettingsAsync(key, full, default);
        await _store.SetSettingsAsync(tenant, new(), default);
        await _store.SetSettingsAsync(ApiKeyAlertSubject.App, full, default);
        await _store.SetSettingsAsync(ApiKeyAlertSubject.App, part, default);
        await _store.SetSettingsAsync(ApiKeyAlertSubject.Tenant(null), part, default);
        await _store.SetSettingsAsync(ApiKeyAlertSubject.Tenant(null), null, default);

        var read = await _store.GetSettingsAsync(
            [
                key, tenant, ApiKeyAlertSubject.App, ApiKeyAlertSubject.Tenant(null), ApiKeyAlertSubject.Tenant("zürich 🔑"),
                ApiKeyAlertSubject.Key("key_2"),
            ],
            default);

        Assert.That(read, Is.EquivalentTo(new Dictionary<string, ApiKeyAlertSettings>
        {
            ["key:key_1"] = full,
            ["tenant:Zürich 🔑"] = new(),
            ["app"] = part,
        }));
        Assert.That(await _store.GetSettingsAsync([], default), Is.Empty);
    }

    /// <summary>One of several concurrent calls opens an incident, and its deliveries are stored once.</summary>
    [Test]
    public async Task Begin_ConcurrentCalls_BeginsOneIncident()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => Task.Run(async () =>
        {
            var incident = CreateIncident("key_1", until: Sample.Now.AddHours(node));
            return await _store.OpenIncidentAsync(incident, CreateDeliveries($"alert_{incident.Id:N}"), default);
        })));

        Assert.That(opened.Count(isOpened => isOpened), Is.EqualTo(1));
        var early = await _store.ListResolvableIncidentsAsync(Sample.Now.AddHours(6), 100, default);
        Assert.That(early, Is.Empty, "the latest ResolvesAt applies");
        Assert.That(await _store.ListResolvableIncidentsAsync(Sample.Now.AddHours(7), 100, default), Has.One.Items);
        Assert.That(await ClaimDueAsync(), Has.Count.EqualTo(2));
    }

    /// <summary>Incidents of another key, kind or discriminator are separate. An incident keeps all its properties.</summary>
    [Test]
    public async Task Begin_DifferentKeyKindOrDetail_BeginsSeparateIncidents()
    {
        var first = CreateIncident("key_1") with { KeyName = "Zürich 🔑", TenantId = "acme", Discriminator = "CH" };
        Assert.That(await _store.OpenIncidentAsync(first, [], default), Is.True);
        Assert.That(await _store.OpenIncidentAsync(CreateIncident("key_1") with { Discriminator = "ch" }, [], default), Is.True);
        var failures = CreateIncident("key_1") with { Discriminator = "CH", Kind = "failures" };
        Assert.That(await _store.OpenIncidentAsync(failures, [], default), Is.True);
        Assert.That(await _store.OpenIncidentAsync(CreateIncident("KEY_1") with { Discriminator = "CH" }, [], default), Is.True);
        Assert.That(await _store.OpenIncidentAsync(first with { Id = Guid.CreateVersion7() }, [], default), Is.False);
        var resolvable = await _store.ListResolvableIncidentsAsync(Sample.Now.AddDays(9), 100, default);
        Assert.That(resolvable.Single(incident => incident.Id == first.Id), Is.EqualTo(first));
    }

    /// <summary>An incident is resolved once and may start again. It is not resolved if it was extended after it was read.</summary>
    [Test]
    public async Task End_StaleOrConcurrentCalls_EndsTheIncidentOnce()
    {
        var incident = CreateIncident("key_1");
        await _store.OpenIncidentAsync(incident, [], default);
        await _store.OpenIncidentAsync(incident with { ResolvesAt = incident.ResolvesAt.AddHours(1) }, [], default);
        Assert.That(await _store.ResolveIncidentAsync(incident, CreateDeliveries("resolved"), default), Is.False);
        var read = (await _store.ListResolvableIncidentsAsync(incident.ResolvesAt.AddHours(1), 1, default)).Single();
        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () => await _store.ResolveIncidentAsync(read, CreateDeliveries("resolved"), default))));
        Assert.That(ended.Count(isEnded => isEnded), Is.EqualTo(1));
        Assert.That(await ClaimDueAsync(), Has.Count.EqualTo(2));
        Assert.That(await _store.OpenIncidentAsync(incident with { Id = Guid.CreateVersion7() }, [], default), Is.True);
    }

    /// <summary>Firing incidents of a kind are listed in pages, and resolvable incidents by the time they resolve.</summary>
    [Test]
    public async Task List_SeveralIncidents_ReturnsPagesInOrder()
    {
        ApiKeyAlertIncident[] all =
        [
            .. Enumerable.Range(0, 5).Select(index => CreateIncident($"key_{index}", until: Sample.Now.AddHours(5 - index)) with
            {
                Id = Guid.CreateVersion7(Sample.Now.AddSeconds(index)),
            }),
        ];
        foreach (var incident in all)
        {
            await _store.OpenIncidentAsync(incident, [], default);
        }

        await _store.OpenIncidentAsync(CreateIncident("key_9", until: Sample.Now.AddMinutes(30)) with { Kind = "failures" }, [], default);
        var first = await _store.ListFiringIncidentsAsync("high_usage", null, 3, default);
        var second = await _store.ListFiringIncidentsAsync("high_usage", first[^1].Id, 3, default);
        Assert.That(first.Concat(second), Is.EqualTo(all));
        var resolvable = await _store.ListResolvableIncidentsAsync(Sample.Now.AddHours(4), 2, default);
        Assert.That(resolvable.Select(incident => incident.KeyId), Is.EqualTo(new[] { "key_9", "key_4" }));
    }

    /// <summary>One of several concurrent calls claims each delivery until it is rescheduled.</summary>
    [Test]
    public async Task ClaimDue_ConcurrentCalls_ClaimsEachDeliveryOnce()
    {
        for (var index = 0; index < 10; index++)
        {
            await _store.OpenIncidentAsync(CreateIncident($"key_{index}"), CreateDeliveries($"alert_{index}"), default);
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ClaimDueAsync())));
        var claimed = claims.SelectMany(each => each).ToList();
        Assert.That(claimed.Select(delivery => (delivery.AlertId, delivery.Target)), Is.Unique.And.Exactly(20).Items);
        Assert.That(claimed, Is.All.Matches<ApiKeyAlertDelivery>(delivery =>
            delivery is { Attempts: 1, Payload: "{\"a\":\"🔑\"}" }
            && delivery.NextAttemptAt == Sample.Now.AddMinutes(2)
            && delivery.CreatedAt == Sample.Now));
        Assert.That(await ClaimDueAsync(Sample.Now.AddMinutes(1)), Is.Empty);
        Assert.That(await ClaimDueAsync(Sample.Now.AddMinutes(2)), Has.Count.EqualTo(20));
    }

    /// <summary>A completed delivery is rescheduled or removed. It stays if it was claimed again meanwhile.</summary>
    [Test]
    public async Task Complete_WithOrWithoutNextAttempt_ReschedulesOrRemoves()
    {
        await _store.OpenIncidentAsync(CreateIncident("key_1"), CreateDeliveries("alert"), default);
        var claimed = await ClaimDueAsync();
        await _store.CompleteAsync(claimed[0], null, default);
        await _store.CompleteAsync(claimed[1], Sample.Now.AddHours(1), default);
        Assert.That(await ClaimDueAsync(Sample.Now.AddMinutes(59)), Is.Empty);
        var again = await ClaimDueAsync(Sample.Now.AddHours(1));
        Assert.That(again.Select(delivery => (delivery.Target, delivery.Attempts)), Is.EqualTo(new[] { (claimed[1].Target, 2) }));
        await _store.CompleteAsync(claimed[1], null, default);
        Assert.That(await ClaimDueAsync(Sample.Now.AddHours(2)), Has.Count.EqualTo(1), "the first claim has expired");
    }

    /// <summary>
    /// Only the requested targets are claimed, up to the requested count, and also deliveries that are scheduled beyond the maximum delay.
    /// </summary>
    [Test]
    public async Task ClaimDue_TargetsCountAndClockSetBack_ClaimsMatchingDeliveries()
    {
        await _store.OpenIncidentAsync(CreateIncident("key_1"), CreateDeliveries("alert"), default);
        Assert.That(await _store.ClaimDueAsync(["three"], Sample.Now, Sample.Now.AddMinutes(2), MaxDelay, 20, default), Is.Empty);
        Assert.That(await _store.ClaimDueAsync(Targets, Sample.Now, Sample.Now.AddMinutes(2), MaxDelay, 1, default), Has.One.Items);
        var past = Sample.Now.AddDays(-2);
        Assert.That(await _store.ClaimDueAsync(Targets, past, past.AddMinutes(2), MaxDelay, 20, default), Has.Count.EqualTo(2));
    }

    /// <summary>A disabled target receives no old or new alerts. Other targets do.</summary>
    [Test]
    public async Task DisableTarget_OneTarget_KeepsTheOthers()
    {
        await _store.OpenIncidentAsync(CreateIncident("key_1"), CreateDeliveries("first"), default);
        await _store.DisableTargetAsync("one", Sample.Now, default);
        await _store.DisableTargetAsync("one", Sample.Now, default);
        await _store.OpenIncidentAsync(CreateIncident("key_2"), CreateDeliveries("second"), default);
        await _store.RemoveDeliveriesAsync(Sample.Now.AddDays(-1), default);
        var (now, past) = (await ClaimDueAsync(), Sample.Now.AddYears(-1));
        Assert.That(
            now.Select(delivery => (delivery.AlertId, delivery.Target)),
            Is.EquivalentTo(new[] { ("first", "two"), ("second", "two") }));
        Assert.That((await _store.ClaimDueAsync(["one"], past, past, MaxDelay, 20, default)).Count, Is.Zero);
    }

    /// <summary>Old deliveries are removed for every target. A disabled target stays disabled.</summary>
    [Test]
    public async Task RemoveDeliveries_OldDeliveries_KeepsNewOnesAndDisabledTargets()
    {
        await _store.DisableTargetAsync("one", Sample.Now.AddDays(-9), default);
        await _store.OpenIncidentAsync(CreateIncident("key_1"), CreateDeliveries("old"), default);
        await _store.RemoveDeliveriesAsync(Sample.Now, default);
        await _store.OpenIncidentAsync(CreateIncident("key_2"), CreateDeliveries("new"), default);
        var deliveries = await ClaimDueAsync();
        Assert.That(
            deliveries.Select(delivery => delivery.AlertId),
            Is.EquivalentTo(new[] { "old", "new" }),
            "created at that time, not before it");
        await _store.RemoveDeliveriesAsync(Sample.Now.AddTicks(1), default);
        await _store.OpenIncidentAsync(CreateIncident("key_3"), CreateDeliveries("last"), default);
        var remaining = await ClaimDueAsync(Sample.Now.AddHours(1));
        Assert.That(remaining.Select(delivery => (delivery.AlertId, delivery.Target)), Is.EqualTo(new[] { ("last", "two") }));
    }

    /// <summary>
    /// The last deliveries of each target are kept, with their last attempt. The test is skipped for a store that keeps none.
    /// </summary>
    [Test]
    public async Task RecordDelivery_SeveralTargetsAndTenants_KeepsTheLastOnesOfEachTarget()
    {
        if (_store is not IApiKeyAlertHistoryStore history)
        {
            Assert.Ignore("The store keeps no deliveries.");
            return;
        }

        for (var i = 0; i < 5; i++)
        {
            await history.RecordDeliveryAsync(CreateRecord($"alert_{i}", "one", i), maxCount: 3, default);
        }

        var failed = CreateRecord("alert_0", "two", 9) with
        {
            TenantId = "Zürich 🔑",
            Outcome = ApiKeyAlertDeliveryOutcome.Rescheduled,
            Reason = "503",
            NextAttemptAt = Sample.Now.AddHours(1),
        };
        var delivered = failed with { Attempts = 2, Outcome = ApiKeyAlertDeliveryOutcome.Delivered, Reason = null, NextAttemptAt = null };
        await history.RecordDeliveryAsync(failed, maxCount: 3, default);
        Assert.That(await ListAsync(allTenants: true, null, "two"), Is.EqualTo(new[] { failed }));
        await history.RecordDeliveryAsync(delivered, maxCount: 3, default);

        ApiKeyAlertDeliveryRecord[] kept =
        [
            delivered, CreateRecord("alert_4", "one", 4), CreateRecord("alert_3", "one", 3), CreateRecord("alert_2", "one", 2),
        ];
        Assert.That(await ListAsync(allTenants: true, null, "one", "two"), Is.EqualTo(kept));
        Assert.That(await ListAsync(allTenants: false, "Zürich 🔑", "one", "two"), Is.EqualTo(kept[..1]));
        Assert.That(await ListAsync(allTenants: false, null, "one", "two"), Is.EqualTo(kept[1..]));
        Assert.That(await ListAsync(allTenants: false, "zürich 🔑", "one", "two"), Is.Empty);
        await _store.RemoveDeliveriesAsync(Sample.Now.AddMinutes(4), default);
        Assert.That(await ListAsync(allTenants: true, null, "one", "two", "three"), Is.EqualTo(kept[..2]));

        async Task<IReadOnlyList<ApiKeyAlertDeliveryRecord>> ListAsync(bool allTenants, string? tenantId, params string[] targets) =>
            await history.ListDeliveriesAsync(targets, allTenants, tenantId, 20, default);
    }

    private static ApiKeyAlertDeliveryRecord CreateRecord(string alertId, string target, int minutes) => new()
    {
        AlertId = alertId,
        Target = target,
        Kind = "high_usage",
        KeyId = "key_1",
        AttemptedAt = Sample.Now.AddMinutes(minutes),
        Attempts = 1,
        Outcome = ApiKeyAlertDeliveryOutcome.Delivered,
    };

    private static ApiKeyAlertIncident CreateIncident(string keyId, DateTimeOffset? until = null) => new()
    {
        Id = Guid.CreateVersion7(),
        KeyId = keyId,
        Kind = "high_usage",
        StartedAt = Sample.Now,
        ResolvesAt = until ?? Sample.Now.AddHours(1),
    };

    private static ApiKeyAlertDelivery[] CreateDeliveries(string alertId) =>
    [
        .. Targets.Select(target => new ApiKeyAlertDelivery
        {
            AlertId = alertId,
            Target = target,
            Payload = "{\"a\":\"🔑\"}",
            CreatedAt = Sample.Now,
            NextAttemptAt = Sample.Now,
        }),
    ];

    private async Task<IReadOnlyList<ApiKeyAlertDelivery>> ClaimDueAsync(DateTimeOffset? now = null) =>
        await _store.ClaimDueAsync(Targets, now ?? Sample.Now, (now ?? Sample.Now).AddMinutes(2), MaxDelay, 20, default);
}
