using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Uses keys, evaluates alerts and delivers them step by step, without the background services.</summary>
internal sealed class AlertRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private readonly Recorder _recorder = new();
    private readonly Dictionary<string, string?> _countries = [];

    public AlertRig(Action<ApiKeyAlertOptions>? options = null, Action<IServiceCollection>? services = null)
    {
        var all = new ServiceCollection().AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));
        all.AddSingleton<TimeProvider>(Clock);
        all.AddSingleton<IApiKeyAlertHandler>(_recorder);
        all.AddSingleton<IGeoResolver>(new Resolver(this));
        all.AddApiKeyAuth().AddInMemoryStore().AddAlerts(options);
        services?.Invoke(all);
        _services = all.BuildServiceProvider();

        // It learns of what is flushed from now on.
        _ = _services.GetRequiredService<AlertEvaluator>();
    }

    public FakeTimeProvider Clock { get; } = new(Start);

    public LogCapture Logs { get; } = new();

    public IServiceProvider Services => _services;

    public InMemoryApiKeyStore Store => _services.GetRequiredService<InMemoryApiKeyStore>();

    public IApiKeyAlertStore Alerts => _services.GetRequiredService<IApiKeyAlertStore>();

    /// <summary>Gets all alerts that were delivered.</summary>
    public IReadOnlyList<ApiKeyAlert> Delivered => _recorder.Delivered;

    /// <summary>Makes the handler of the rig fail.</summary>
    public bool IsDeaf
    {
        set => _recorder.IsDeaf = value;
    }

    public async Task<ApiKey> AddAsync(string id = "key1", Func<ApiKey, ApiKey>? with = null)
    {
        var key = new ApiKey
        {
            Id = id,
            Name = "a name",
            Environment = "test",
            CreatedAt = Clock.GetUtcNow(),
            Secrets =
            [
                new() { Hash = new ApiKeyHash(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id))) },
            ],
        };
        key = (with ?? (same => same))(key);
        Assert.That(await Store.AddAsync(key, [], Entry(id), default), Is.EqualTo(ApiKeyAddResult.Added));
        return (await Store.GetAsync(id, default))!;
    }

    public async Task ChangeAsync(Func<ApiKey, ApiKey>? with, string id = "key1")
    {
        var key = (await Store.GetAsync(id, default))!;
        Assert.That(
            with is null ? await Store.TryDeleteAsync(key, Entry(id), default) : await Store.TryUpdateAsync(with(key), Entry(id), default));
    }

    /// <summary>Counts requests of a key at the current time.</summary>
    public void Use(
        ApiKey key,
        int count = 1,
        string outcome = ApiKeyUsageOutcomes.Success,
        string? country = null,
        string address = "203.0.113.1",
        int secret = 0)
    {
        _countries[UsageNetwork.FromAddress(IPAddress.Parse(address)).ToString()] = country;
        for (var index = 0; index < count; index++)
        {
            _services.GetRequiredService<UsageCounter>().Count(
                new VerifiedApiKey(key, key.Secrets[secret], key.Scopes), outcome, IPAddress.Parse(address));
        }
    }

    /// <summary>Stores a request of the first hour, as another node does.</summary>
    public async Task StoreAsync(ApiKey key, string country)
    {
        var use = new ApiKeyUsageRecord
        {
            KeyId = key.Id,
            Hash = key.Secrets[0].Hash,
            Count = 1,
            LastUsedAt = Start,
            Hour = Start,
            Outcome = ApiKeyUsageOutcomes.Success,
            Country = country,
        };
        await Store.AddUsageAsync(new() { Id = Guid.CreateVersion7(), CreatedAt = Start, Records = [use] }, default);
    }

    /// <summary>Flushes, evaluates and delivers, and returns the alerts that were delivered.</summary>
    public async Task<IReadOnlyList<ApiKeyAlert>> EvaluateAsync()
    {
        var before = _recorder.Delivered.Count;
        await _services.GetRequiredService<UsageFlusher>().RunAsync(default);
        await _services.GetRequiredService<AlertEvaluator>().RunAsync(default);
        await TellAsync();
        return [.. _recorder.Delivered.Skip(before)];
    }

    /// <summary>Delivers due alerts.</summary>
    public Task TellAsync() => Task.WhenAll(StartDelivery());

    /// <summary>Starts to deliver due alerts, with a task per target and one for cleanup.</summary>
    public Task[] StartDelivery() => [.. _services.GetRequiredService<AlertDispatcher>().Jobs.Select(part => part(default))];

    /// <summary>Evaluates, and returns the delivered alerts as kind and state.</summary>
    public async Task<string> EvaluateAndFormatAsync() =>
        string.Join(' ', (await EvaluateAsync()).Select(alert => $"{alert.Kind}:{alert.State}"));

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private ApiKeyAuditEntry Entry(string id) =>
        new() { Id = Guid.CreateVersion7(), At = Clock.GetUtcNow(), Action = "test", KeyId = id, Actor = "test", Changes = "{}" };

    private sealed class Recorder : IApiKeyAlertHandler
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<ApiKeyAlert> _delivered = new();

        public bool IsDeaf { get; set; }

        public IReadOnlyList<ApiKeyAlert> Delivered => [.. _delivered];

        public ValueTask HandleAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
        {
            if (IsDeaf)
            {
                throw new InvalidOperationException("hunter2");
            }

            _delivered.Enqueue(alert);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Resolver(AlertRig rig) : IGeoResolver
    {
        public string? FindCountry(IPNetwork network) => rig._countries.GetValueOrDefault(network.ToString());
    }
}
