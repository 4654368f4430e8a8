using ApiKeyAuth.Cli.Targets;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Imports keys into a database, in transactions.</summary>
internal sealed class DatabaseImport(DatabaseTarget target) : IImportTarget
{
    public string Description => target.Description;

    public int MaxKeys => 2_000;

    public string DescribeCancellation(int stored) => $"{stored} keys are stored completely, the others not at all";

    /// <inheritdoc/>
    /// <remarks>A stored key with the same name, owner and tenant is the same key; another one is a problem.</remarks>
    public async Task<IReadOnlyList<ImportAnswer>> CheckAsync(
        IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken)
    {
        var stored = await target.FindManyAsync([.. records.Select(record => record.StoredHashes)], cancellationToken);
        ImportAnswer[] answers = [.. records.Zip(stored, Compare)];
        int[] pending = [.. answers.Index().Where(answer => answer.Item == default).Select(answer => answer.Index)];
        var results = await target.CheckImportAsync([.. pending.Select(index => records[index].Key!)], cancellationToken);
        foreach (var (index, result) in pending.Zip(results))
        {
            answers[index] = ToAnswer(result);
        }

        return answers;
    }

    public async Task<IReadOnlyList<ImportAnswer>> StoreAsync(
        IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken) =>
        [.. (await target.ImportAsync([.. records.Select(record => record.Key!)], cancellationToken)).Select(ToAnswer)];

    private static ImportAnswer ToAnswer(ApiKeyResult<ApiKey> result) =>
        new(result.Error?.Message, IsUnavailable: result.Error is { StatusCode: >= 500 });

    private static ImportAnswer Compare(ImportRecord record, ApiKey? stored) =>
        stored is null ? default
        : IsSame(record.Key!, stored) ? new ImportAnswer(IsPresent: true)
        : new ImportAnswer($"has the secret of the key {stored.Id}, whose ID, name, owner or tenant differ");

    private static bool IsSame(ImportedApiKey imported, ApiKey stored) =>
        (imported.Id is null || imported.Id == stored.Id)
        && imported.Key.Name.Trim() == stored.Name
        && (imported.Key.TenantId, imported.Key.OwnerId) == (stored.TenantId, stored.OwnerId);
}
