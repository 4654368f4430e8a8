using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Adds keys together if the store supports it, and one by one otherwise.</summary>
internal sealed class KeyBatchWriter(IWritableApiKeyStore store, KeyCommands commands, ApiKeyManagementOptions options)
{
    public const int MaxKeys = 500;

    private const string Action = "import";

    /// <summary>Adds keys. A problem with one key does not affect the others.</summary>
    /// <returns>One result per key, in the same order: null if it was added, or a problem.</returns>
    public async Task<IReadOnlyList<ApiKeyError?>> AddAsync(
        ApiKeyCaller caller, IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken)
    {
        var problems = new ApiKeyError?[keys.Count];
        List<int> pending = [.. Enumerable.Range(0, keys.Count)];
        if (options.MaxKeysPerTenant is null && options.MaxKeysPerOwner is null && store is IBatchWritableApiKeyStore batches)
        {
            await AddTogetherAsync(batches, caller, keys, pending, problems, cancellationToken);
        }

        foreach (var index in pending)
        {
            problems[index] = await commands.AddAsync(caller, Action, keys[index], cancellationToken);
        }

        return problems;
    }

    /// <summary>Returns the results that adding keys would have.</summary>
    public async Task<IReadOnlyList<ApiKeyError?>> CheckAsync(
        ApiKeyCaller caller, IReadOnlyList<ApiKey> keys, SeenKeys seen, CancellationToken cancellationToken)
    {
        var (results, problem) = await commands.TryCallStoreAsync(caller, token => CheckAsync(keys, token), cancellationToken);
        return
        [
            .. keys.Select((key, index) => problem
                ?? (!seen.AddId(key) ? KeyCommands.FindProblem(ApiKeyAddResult.IdTaken)
                : !seen.AddHashes(key) ? KeyCommands.FindProblem(ApiKeyAddResult.HashTaken)
                : KeyCommands.FindProblem(results![index]))),
        ];
    }

    /// <summary>Adds as many keys as possible in one transaction, and keeps those that must be added one by one.</summary>
    private async Task AddTogetherAsync(
        IBatchWritableApiKeyStore batches,
        ApiKeyCaller caller,
        IReadOnlyList<ApiKey> keys,
        List<int> pending,
        ApiKeyError?[] problems,
        CancellationToken cancellationToken)
    {
        while (pending.Count > 1)
        {
            var (results, problem) = await commands.AddManyAsync(
                batches, caller, Action, [.. pending.Select(index => keys[index])], cancellationToken);
            if (problem is not null && ReferenceEquals(problem, Problems.StoreRejected))
            {
                // Only one of the keys may be the reason.
                return;
            }

            foreach (var (position, index) in pending.Index())
            {
                problems[index] = problem ?? KeyCommands.FindProblem(results![position]);
            }

            if (problem is not null || pending.TrueForAll(index => problems[index] is null))
            {
                pending.Clear();
            }

            pending.RemoveAll(index => problems[index] is not null);
        }
    }

    private async ValueTask<IReadOnlyList<ApiKeyAddResult>> CheckAsync(IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken)
    {
        if (store is IBatchWritableApiKeyStore batches)
        {
            return await batches.CheckManyAsync(keys, cancellationToken);
        }

        var results = new ApiKeyAddResult[keys.Count];
        foreach (var (index, key) in keys.Index())
        {
            results[index] = await store.GetAsync(key.Id, cancellationToken) is not null ? ApiKeyAddResult.IdTaken
                : await store.FindAsync([.. key.Secrets.Select(secret => secret.Hash)], cancellationToken) is not null
                    ? ApiKeyAddResult.HashTaken
                : ApiKeyAddResult.Added;
        }

        return results;
    }
}
