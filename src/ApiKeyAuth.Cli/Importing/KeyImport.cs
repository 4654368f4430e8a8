using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Checks the keys of a file against the rules of an app and its keys, and stores them.</summary>
/// <remarks>
/// Everything is checked before anything is stored. Keys are stored together, so that a key is stored with its audit entry or not at all,
/// and those that an earlier run stored are recognized by their secrets.
/// </remarks>
internal sealed class KeyImport(IImportTarget target, IReadOnlyList<ImportRecord> records)
{
    private const int MaxChecked = 256;

    public IReadOnlyList<ImportRecord> Records => records;

    public int PendingCount => records.Count(record => record.IsPending);

    /// <summary>Finds all problems, and the keys that are stored already.</summary>
    public async Task CheckAsync(Action<int> report, CancellationToken cancellationToken)
    {
        FindDuplicates();
        var done = 0;
        foreach (var chunk in records.Chunk(MaxChecked))
        {
            ImportRecord[] pending = [.. chunk.Where(record => record.IsPending)];
            SetAnswers(pending, await target.CheckAsync(pending, cancellationToken));
            report(done += chunk.Length);
        }
    }

    /// <summary>Stores the keys without a problem.</summary>
    /// <returns>The number of stored keys. A key that another process added meanwhile is a problem.</returns>
    public async Task<int> StoreAsync(Action<int> report, CancellationToken cancellationToken)
    {
        var stored = 0;
        var done = 0;
        foreach (var chunk in records.Where(record => record.IsPending).ToList().Chunk(target.MaxKeys))
        {
            IReadOnlyList<ImportAnswer> answers;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                answers = await target.StoreAsync(chunk, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw ToolException.Usage(
                    $"Canceled. {target.DescribeCancellation(stored)}. Repeat the command to import the rest.");
            }

            SetAnswers(chunk, answers);
            stored += answers.Count(answer => answer == default);
            report(done += chunk.Length);
            if (answers.FirstOrDefault(answer => answer.IsUnavailable) is { Problem: { } problem })
            {
                throw new ToolException(
                    $"{problem}. {stored} keys are stored. Repeat the command when the database is available to import the rest.");
            }
        }

        return stored;
    }

    private static void SetAnswers(IReadOnlyList<ImportRecord> pending, IReadOnlyList<ImportAnswer> answers)
    {
        foreach (var (record, answer) in pending.Zip(answers))
        {
            record.Problem = answer.Problem;
            record.IsPresent = answer.IsPresent;
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
}
