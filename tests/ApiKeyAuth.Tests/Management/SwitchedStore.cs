using System.Collections.Concurrent;
using System.Data;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Tests.Management;

/// <summary>
/// Represents an in-memory store that a test can make fail, either before a change or after it, so that only the response is lost.
/// </summary>
internal sealed class SwitchedStore : IWritableApiKeyStore, IPrefixApiKeyStore, IApiKeyUsageStore
{
    public const string Secret = "Host=db;Password=hunter2";

    private readonly ConcurrentQueue<int> _batches = new();

    public InMemoryApiKeyStore Inner { get; } = new();

    /// <summary>Gets the number of records in each batch of usage.</summary>
    public IReadOnlyCollection<int> Batches => _batches;

    /// <summary>Gets the limit of each page of keys that was requested.</summary>
    public ConcurrentQueue<int> ListLimits { get; } = new();

    /// <summary>Gets the prefixes of each lookup by prefix.</summary>
    public ConcurrentQueue<string> PrefixLookups { get; } = new();

    public bool IsDown { get; set; }

    public bool LosesAnswers { get; set; }

    /// <summary>Gets or sets whether usage cannot be written.</summary>
    public bool LosesUsage { get; set; }

    /// <summary>Gets or sets whether changes fail, with nothing changed, while reads succeed.</summary>
    public bool FailsChanges { get; set; }

    /// <summary>Gets or sets the exception that each call throws, or null.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Gets or sets which usage violates a constraint, or null.</summary>
    public Func<ApiKeyUsageBatch, bool>? RejectsUsage { get; set; }

    /// <summary>Gets or sets what happens in the store between a request's earlier reads and its read of usage, or null.</summary>
    public Func<Task>? BeforeUsageIsRead { get; set; }

    /// <summary>Gets or sets whether calls hang until their token is canceled.</summary>
    public bool Hangs { get; set; }

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
        RunAsync(() => Inner.FindAsync(hashes, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<ApiKey>> FindByPrefixAsync(
        IReadOnlyList<string> prefixes, int limit, CancellationToken cancellationToken)
    {
        PrefixLookups.Enqueue(string.Join(' ', prefixes));
        return RunAsync(() => Inner.FindByPrefixAsync(prefixes, limit, cancellationToken), cancellationToken);
    }

    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken) =>
        RunAsync(() => Inner.GetAsync(id, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken)
    {
        ListLimits.Enqueue(filter.Limit);
        return RunAsync(() => Inner.ListAsync(filter, cancellationToken), cancellationToken);
    }

    public ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken) =>
        RunAsync(() => Inner.CountAsync(filter, cancellationToken), cancellationToken);

    public ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        ChangeAsync(() => Inner.AddAsync(key, quotas, audit, cancellationToken), cancellationToken);

    public ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        ChangeAsync(() => Inner.TryUpdateAsync(key, audit, cancellationToken), cancellationToken);

    public ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        ChangeAsync(() => Inner.TryDeleteAsync(key, audit, cancellationToken), cancellationToken);

    public async ValueTask AddUsageAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken) =>
        await ChangeAsync(
            async () =>
            {
                if (LosesUsage)
                {
                    throw new InvalidOperationException(Secret);
                }

                if (RejectsUsage?.Invoke(batch) == true)
                {
                    throw new ConstraintException(Secret);
                }

                await Inner.AddUsageAsync(batch, cancellationToken);
                _batches.Enqueue(batch.Records.Count);
                return true;
            },
            cancellationToken);

    public ValueTask<ApiKeyUsageHistory> GetUsageAsync(ApiKeyUsageFilter filter, CancellationToken cancellationToken) =>
        RunAsync(
            async () =>
            {
                await (BeforeUsageIsRead?.Invoke() ?? Task.CompletedTask);
                return await Inner.GetUsageAsync(filter, cancellationToken);
            },
            cancellationToken);

    public ValueTask<ApiKeyUsageOrigins> GetUsageOriginsAsync(
        ApiKeyUsageFilter filter,
        IReadOnlyCollection<string> countries,
        IReadOnlyCollection<string> networks,
        CancellationToken cancellationToken) =>
        RunAsync(() => Inner.GetUsageOriginsAsync(filter, countries, networks, cancellationToken), cancellationToken);

    public ValueTask<bool> RollUpUsageAsync(ApiKeyUsageRetention retention, CancellationToken cancellationToken) =>
        RunAsync(() => Inner.RollUpUsageAsync(retention, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken) =>
        RunAsync(() => Inner.ListAuditAsync(filter, cancellationToken), cancellationToken);

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> run, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return IsDown ? throw new InvalidOperationException(Secret) : Fault is { } fault ? throw fault : await run();
    }

    private async ValueTask<T> ChangeAsync<T>(Func<ValueTask<T>> run, CancellationToken cancellationToken)
    {
        if (FailsChanges)
        {
            throw new InvalidOperationException(Secret);
        }

        var answer = await RunAsync(run, cancellationToken);
        return LosesAnswers ? throw new InvalidOperationException(Secret) : answer;
    }
}
