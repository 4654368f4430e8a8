using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Imports keys that were issued elsewhere. A problem with one key does not affect the others.</summary>
internal sealed class KeyImporter(ImportedKeyReader reader, KeyBatchWriter writer)
{
    /// <summary>Imports keys, several at a time.</summary>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> ImportAsync(
        ApiKeyCaller caller, IEnumerable<ImportedApiKey> keys, CancellationToken cancellationToken) =>
        RunAsync(caller, keys, batch => writer.AddAsync(caller, batch, cancellationToken));

    /// <summary>Returns the results that an import would have, but stores nothing.</summary>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> CheckAsync(
        ApiKeyCaller caller, IEnumerable<ImportedApiKey> keys, CancellationToken cancellationToken)
    {
        var seen = new SeenKeys();
        return RunAsync(caller, keys, batch => writer.CheckAsync(caller, batch, seen, cancellationToken));
    }

    private async Task<IReadOnlyList<ApiKeyResult<ApiKey>>> RunAsync(
        ApiKeyCaller caller,
        IEnumerable<ImportedApiKey> keys,
        Func<IReadOnlyList<ApiKey>, Task<IReadOnlyList<ApiKeyError?>>> write)
    {
        var results = new List<ApiKeyResult<ApiKey>>();
        var rejection = ChangeRules.FindProblem(caller);
        foreach (var chunk in keys.Chunk(KeyBatchWriter.MaxKeys))
        {
            List<ApiKeyResult<ApiKey>> drafts = [.. chunk.Select(key => rejection ?? reader.Read(caller, key))];
            List<int> valid = [.. drafts.Index().Where(draft => draft.Item.Succeeded).Select(draft => draft.Index)];
            var problems = await write([.. valid.Select(index => drafts[index].Value!)]);
            foreach (var (index, problem) in valid.Zip(problems).Where(pair => pair.Second is not null))
            {
                drafts[index] = problem!;
            }

            results.AddRange(drafts);
        }

        return results;
    }
}
