using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Adds keys together if the store supports it, and one by one otherwise.</summary>
internal sealed class KeyBatchWriter(
    IWritableApiKeyStore store, KeyCommands commands, SaltedPrefixRule prefixes, ApiKeyManagementOptions options)
{
    public const int MaxKeys = 2_000;

    private const string Action = "import";

    /// <summary>Adds keys. A problem with one key does not affect the others.</summary>
    /// <returns>One result per key, in the same order: null if it was added, or a problem.</returns>
    public async Task<IReadOnlyList<ApiKeyError?>> AddAsync(
        ApiKeyCaller caller, IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken)
    {
        var problems = new ApiKeyError?[keys.Count];
        var batches = options.MaxKeysPerTenant is null && options.MaxKeysPerOwner is null ? store as IBatchWritableApiKeyStore : null;

        // How many keys have a prefix is counted before each key that has a salted hash.
        var pending = Enumerable.Range(0, keys.Count)
            .ToLookup(index => batches is not null && !SaltedPrefixRule.AppliesTo(keys[index]));
        var together = pending[true].ToList();
        if (together.Count > 0)
        {
            await AddTogetherAsync(batches!, caller, keys, together, problems, cancellationToken);
        }

        foreach (var index in pending[false].Concat(together))
        {
            problems[index] = await prefixes.FindProblemAsync(caller, keys[index], cancellationToken)
                ?? await commands.AddAsync(caller, Action, keys[index], cancellationToken);
        }

        return problems;
    }

    /// <summary>Returns the results that adding keys would have.</summary>
    public async Task<IReadOnlyList<ApiKeyError?>> CheckAsync(
        ApiKeyCaller caller, IReadOnlyList<ApiKey> keys, SeenKeys seen, CancellationToken cancellationToken)
    {
        var (results, problem) = await commands.TryCallStoreAsync(caller, token => CheckAsync(keys, token), cancellationToken);
        var problems = new ApiKeyError?[keys.Count];
        foreach (var (index, key) in keys.Index())
        {
            problems[index] = problem
                ?? (!seen.AddId(key) ? KeyCommands.FindProblem(ApiKeyAddResult.IdTaken)
                : !seen.AddHashes(key) ? KeyCommands.FindProblem(ApiKeyAddResult.HashTaken)
                : KeyCommands.FindProblem(results![index]))
                ?? await prefixes.FindProblemAsync(caller, key, cancellationToken, seen.AddPrefixes(key));
        }

        return problems;
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
