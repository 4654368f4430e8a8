using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Finds all direct and indirect descendants of a key, in the tenants that a caller sees.</summary>
internal sealed class KeyDescendants(IWritableApiKeyStore store, KeyCommands commands)
{
    private const int PageSize = 200;

    /// <summary>Visits each descendant once. The keys that a descendant created are listed after it was visited.</summary>
    /// <param name="caller">The caller, whose tenant limits the walk. A limit to its own keys or to an environment does not.</param>
    /// <param name="id">The ID of the key to start with, which is not visited itself.</param>
    /// <param name="visit">The function that handles a descendant. It returns a problem to stop the walk.</param>
    /// <param name="cancellationToken">The token that cancels the walk.</param>
    public async Task<ApiKeyError?> WalkAsync(
        ApiKeyCaller caller, string id, Func<ApiKey, Task<ApiKeyError?>> visit, CancellationToken cancellationToken)
    {
        // Guards against cycles, which the library never creates but other writers of the store could.
        var listed = new HashSet<string>(StringComparer.Ordinal) { id };
        var pending = new Queue<string>(listed);
        while (pending.TryDequeue(out var creator))
        {
            var (children, problem) = await ListChildrenAsync(caller, creator, cancellationToken);
            foreach (var child in children.Where(child => listed.Add(child.Id)))
            {
                problem ??= await visit(child);
                pending.Enqueue(child.Id);
            }

            var (deleted, fault) = problem is null ? await ListDeletedAsync(caller, creator, listed, cancellationToken) : ([], problem);
            if (fault is not null)
            {
                return fault;
            }

            foreach (var deletedId in deleted.Where(listed.Add))
            {
                pending.Enqueue(deletedId);
            }
        }

        return null;
    }

    private async Task<(List<ApiKey> Keys, ApiKeyError? Error)> ListChildrenAsync(
        ApiKeyCaller caller, string creator, CancellationToken cancellationToken)
    {
        var children = new List<ApiKey>();
        var filter = new ApiKeyFilter
        {
            AllTenants = caller.MayCrossTenants,
            TenantId = caller.TenantId,
            CreatedBy = ApiKeyCaller.GetKeyActor(creator),
            Limit = PageSize,
        };
        while (true)
        {
            var (page, problem) = await commands.TryCallStoreAsync(caller, token => store.ListAsync(filter, token), cancellationToken);
            children.AddRange(page ?? []);
            if (problem is not null || page!.Count < PageSize)
            {
                return (children, problem);
            }

            filter = filter with { AfterCreatedAt = page[^1].CreatedAt, AfterId = page[^1].Id };
        }
    }

    /// <summary>Lists the keys that a key created and that were deleted, because their own descendants may still exist.</summary>
    private async Task<(List<string> Ids, ApiKeyError? Error)> ListDeletedAsync(
        ApiKeyCaller caller, string creator, HashSet<string> known, CancellationToken cancellationToken)
    {
        var deleted = new List<string>();
        var filter = new ApiKeyAuditFilter
        {
            AllTenants = caller.MayCrossTenants,
            TenantId = caller.TenantId,
            Actor = ApiKeyCaller.GetKeyActor(creator),
            Limit = PageSize,
        };
        while (true)
        {
            var (page, problem) = await commands.TryCallStoreAsync(caller, token => store.ListAuditAsync(filter, token), cancellationToken);
            foreach (var entry in (page ?? []).Where(entry => entry.Action is "create" or "import" && !known.Contains(entry.KeyId)))
            {
                // An existing key with this ID was created again by another caller.
                var (key, fault) = await commands.TryCallStoreAsync(caller, token => store.GetAsync(entry.KeyId, token), cancellationToken);
                problem ??= fault;
                if (key is null)
                {
                    deleted.Add(entry.KeyId);
                }
            }

            if (problem is not null || page!.Count < PageSize)
            {
                return (deleted, problem);
            }

            filter = filter with { AfterId = page[^1].Id };
        }
    }
}
