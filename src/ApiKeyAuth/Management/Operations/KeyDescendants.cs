using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Finds the keys that a key created, those that these created, and so on, in the tenants that a caller sees.</summary>
internal sealed class KeyDescendants(IWritableApiKeyStore store, KeyCommands commands)
{
    private const int PageSize = 200;

    /// <summary>Visits each descendant once, and lists what a key created only after that key was visited.</summary>
    /// <param name="caller">The caller, whose tenant bounds the walk. A limit to own keys or to an environment does not.</param>
    /// <param name="id">The key where the walk begins; it is not visited itself.</param>
    /// <param name="visit">Handles a descendant, and returns a problem to end the walk with it.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    public async Task<ApiKeyProblem?> WalkAsync(
        ApiKeyCaller caller, string id, Func<ApiKey, Task<ApiKeyProblem?>> visit, CancellationToken cancellationToken)
    {
        // A cycle is impossible as long as creation is the only way to set a creator, but a store's rows are not all ours.
        var listed = new HashSet<string>(StringComparer.Ordinal) { id };
        var waiting = new Queue<string>(listed);
        while (waiting.TryDequeue(out var creator))
        {
            var (children, problem) = await ListChildrenAsync(caller, creator, cancellationToken);
            foreach (var child in children.Where(child => listed.Add(child.Id)))
            {
                problem ??= await visit(child);
                waiting.Enqueue(child.Id);
            }

            var (deleted, fault) = problem is null ? await ListDeletedAsync(caller, creator, listed, cancellationToken) : ([], problem);
            if (fault is not null)
            {
                return fault;
            }

            foreach (var gone in deleted.Where(listed.Add))
            {
                waiting.Enqueue(gone);
            }
        }

        return null;
    }

    private async Task<(List<ApiKey> Keys, ApiKeyProblem? Problem)> ListChildrenAsync(
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

    /// <summary>Finds the keys that a key created and that were deleted since: what they created would otherwise be out of reach.</summary>
    private async Task<(List<string> Ids, ApiKeyProblem? Problem)> ListDeletedAsync(
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
                // A key of this ID that is there was created by somebody else since.
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
