using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Targets;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Checks the keys of a file against the rules of an app and its database, and stores them.</summary>
/// <remarks>
/// Everything is checked before anything is stored. Keys are stored in transactions, so that a key is stored with its audit entry or not at
/// all, and those that an earlier run stored are recognized by their secrets.
/// </remarks>
internal sealed class KeyImport(DatabaseTarget target, IReadOnlyList<ImportRecord> records)
{
    private const int MaxLookups = 256;
    private const int MaxKeys = 2_000;

    public IReadOnlyList<ImportRecord> Records => records;

    public int PendingCount => records.Count(record => record.IsPending);

    /// <summary>Finds all problems, and the keys that are stored already.</summary>
    public async Task CheckAsync(Action<int> report, CancellationToken cancellationToken)
    {
        FindDuplicates();
        var done = 0;
        foreach (var chunk in records.Chunk(MaxLookups))
        {
            await FindPresentAsync([.. chunk.Where(record => record.IsPending)], cancellationToken);
            ImportRecord[] pending = [.. chunk.Where(record => record.IsPending)];
            var results = await target.CheckImportAsync([.. pending.Select(record => record.Key!)], cancellationToken);
            SetProblems(pending, results);
            report(done += chunk.Length);
        }
    }

    /// <summary>Stores the keys without a problem.</summary>
    /// <returns>The number of stored keys. A key that another process added meanwhile is a problem.</returns>
    public async Task<int> StoreAsync(Action<int> report, CancellationToken cancellationToken)
    {
        var stored = 0;
        var done = 0;
        foreach (var chunk in records.Where(record => record.IsPending).ToList().Chunk(MaxKeys))
        {
            IReadOnlyList<ApiKeyResult<ApiKey>> results;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                results = await target.ImportAsync([.. chunk.Select(record => record.Key!)], cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw ToolException.Usage(
                    $"Canceled. {stored} keys are stored completely, the others not at all. Repeat the command to import the rest.");
            }

            SetProblems(chunk, results);
            stored += results.Count(result => result.Succeeded);
            report(done += chunk.Length);
            if (results.FirstOrDefault(result => result.Error is { StatusCode: >= 500 }) is { } failed)
            {
                throw new ToolException(
                    $"{failed.Error!.Message}. {stored} keys are stored. Repeat the command when the database is available to import "
                    + "the rest.");
            }
        }

        return stored;
    }

    private static void SetProblems(IReadOnlyList<ImportRecord> pending, IReadOnlyList<ApiKeyResult<ApiKey>> results)
    {
        foreach (var (record, result) in pending.Zip(results).Where(pair => !pair.Second.Succeeded))
        {
            record.Problem = result.Error!.Message;
        }
    }

    private void FindDuplicates()
    {
        var byHash = new Dictionary<ApiKeyHash, ImportRecord>();
        var byId = new Dictionary<string, ImportRecord>(StringComparer.Ordinal);
        foreach (var record in records.Where(record => record.IsPending))
        {
            if (record.Key!.Id is { } id && !byId.TryAdd(id, record))
            {
                record.Problem = $"has the same ID as {byId[id].Position}";
            }
            else if (record.StoredHashes.FirstOrDefault(hash => !byHash.TryAdd(hash, record) && byHash[hash] != record) is { } hash)
            {
                record.Problem = $"has the same secret as {byHash[hash].Position}";
            }
        }
    }

    /// <summary>Finds keys that are stored. One with the same name, owner and tenant is the same key; another one is a problem.</summary>
    private async Task FindPresentAsync(IReadOnlyList<ImportRecord> pending, CancellationToken cancellationToken)
    {
        var stored = await target.FindManyAsync([.. pending.Select(record => record.StoredHashes)], cancellationToken);
        foreach (var (record, key) in pending.Zip(stored))
        {
            if (key is null)
            {
                continue;
            }

            record.IsPresent = IsSame(record.Key!, key);
            record.Problem = record.IsPresent ? null : $"has the secret of the key {key.Id}, whose ID, name, owner or tenant differ";
        }
    }

    private static bool IsSame(ImportedApiKey imported, ApiKey stored) =>
        (imported.Id is null || imported.Id == stored.Id)
        && imported.Key.Name.Trim() == stored.Name
        && (imported.Key.TenantId, imported.Key.OwnerId) == (stored.TenantId, stored.OwnerId);
}
