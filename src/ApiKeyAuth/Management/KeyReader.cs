using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Reads what a caller may see: a key, keys and audit entries a page at a time.</summary>
internal sealed class KeyReader(IWritableApiKeyStore store, KeyWriter writer, TimeProvider clock)
{
    private const int MaxPage = 1_000;

    public async Task<ApiKeyResult<ApiKey>> GetAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken)
    {
        if (!KeyRules.IsId(id))
        {
            return Problems.NotFound;
        }

        var found = await writer.TryAsync(caller, token => store.GetAsync(id, token), cancellationToken);
        return found.Problem is { } problem ? problem : found.Value is { } key && caller.Sees(key) ? key : Problems.NotFound;
    }

    /// <summary>Gets a key that the caller wants to change, or the reason why it may not.</summary>
    public async Task<ApiKeyResult<ApiKey>> GetForChangeAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken)
    {
        if (ChangeRules.FindHindrance(caller) is { } hindrance)
        {
            return hindrance;
        }

        var read = await GetAsync(caller, id, cancellationToken);
        return read.Succeeded && ChangeRules.FindHindrance(caller, read.Value) is { } problem ? problem : read;
    }

    public async Task<ApiKeyResult<ApiKeyPage>> ListAsync(ApiKeyCaller caller, ApiKeyListing listing, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(listing.Unread, StringComparer.Ordinal);
        foreach (var (field, text) in new[] { ("owner", listing.OwnerId), ("environment", listing.Environment), ("name", listing.Name) })
        {
            if (text is not null && KeyRules.FindFault(text) is { } fault)
            {
                problems.TryAdd(field, fault);
            }
        }

        UnusedDays.Check(listing.UnusedDays, problems);
        if (listing.UnusedDays is not null && store is not IApiKeyUsageStore)
        {
            problems.TryAdd(UnusedDays.Field, "cannot be told; uses of API keys are not kept here");
        }

        var after = listing.Cursor is { } cursor ? Cursor.ReadKey(cursor) : null;
        CheckPage(listing.Limit, listing.Cursor is not null && after is null, problems);
        return problems.Count > 0 ? Problems.Invalid(problems) : await ReadAsync(caller, Filter(caller, listing, after), listing, cancellationToken);
    }

    public async Task<ApiKeyResult<ApiKeyAuditPage>> ListAuditAsync(
        ApiKeyCaller caller, ApiKeyAuditListing listing, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(listing.Unread, StringComparer.Ordinal);
        var after = listing.Cursor is { } cursor ? Cursor.ReadEntry(cursor) : null;
        CheckPage(listing.Limit, listing.Cursor is not null && after is null, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var isKnown = true;
        if (listing.KeyId is { } keyId)
        {
            var read = await GetAsync(caller, keyId, cancellationToken);
            isKnown = read.Succeeded;
            if (!isKnown && (read.Problem!.Code != ApiKeyErrorCodes.NotFound || caller.IsLimitedToOwnKeys || !KeyRules.IsId(keyId)))
            {
                return read.Problem;
            }
        }
        else if (caller.IsLimitedToOwnKeys)
        {
            return Problems.Forbidden("The caller may see the history of keys of his own only; name one");
        }

        return await ReadAuditAsync(caller, listing, after, isKnown, cancellationToken);
    }

    private static void CheckPage(int limit, bool isCursorBad, Dictionary<string, string> problems)
    {
        if (limit is < 1 or > MaxPage)
        {
            problems.TryAdd("limit", $"ranges from 1 to {MaxPage}");
        }

        if (isCursorBad)
        {
            problems.TryAdd("cursor", "is no cursor; take nextCursor from the page before, or leave it out");
        }
    }

    private async Task<ApiKeyResult<ApiKeyPage>> ReadAsync(
        ApiKeyCaller caller, ApiKeyFilter filter, ApiKeyListing listing, CancellationToken cancellationToken)
    {
        var (keys, problem) = await writer.TryAsync(caller, token => store.ListAsync(filter, token), cancellationToken);
        long? total = null;
        if (problem is null && listing.WithTotal)
        {
            (total, problem) = await writer.TryAsync<long?>(caller, async token => await store.CountAsync(filter, token), cancellationToken);
        }

        if (problem is not null)
        {
            return problem;
        }

        // One more than asked was read, to know whether there is a next page.
        List<ApiKey> page = [.. keys!.Take(listing.Limit)];
        return new ApiKeyPage
        {
            Keys = page,
            NextCursor = keys!.Count > listing.Limit ? Cursor.Write(page[^1]) : null,
            Total = total,
        };
    }

    private async Task<ApiKeyResult<ApiKeyAuditPage>> ReadAuditAsync(
        ApiKeyCaller caller, ApiKeyAuditListing listing, Guid? after, bool isKnown, CancellationToken cancellationToken)
    {
        var filter = new ApiKeyAuditFilter
        {
            AllTenants = caller.MayCrossTenants,
            TenantId = caller.TenantId,
            KeyId = listing.KeyId,
            From = listing.From,
            To = listing.To,
            AfterId = after,
            Count = listing.Limit + 1,
        };
        var (entries, problem) = await writer.TryAsync(caller, token => store.ListAuditAsync(filter, token), cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        // A key that is gone is told of by what is left of it; without that it never was.
        return !isKnown && entries!.Count == 0
            ? Problems.NotFound
            : new ApiKeyAuditPage
            {
                Entries = [.. entries!.Take(listing.Limit)],
                NextCursor = entries!.Count > listing.Limit ? Cursor.Write(entries[listing.Limit - 1]) : null,
            };
    }

    private ApiKeyFilter Filter(ApiKeyCaller caller, ApiKeyListing listing, (DateTimeOffset CreatedAt, string Id)? after) => Seen(caller) with
    {
        OwnerId = caller.IsLimitedToOwnKeys ? caller.UserId : listing.OwnerId,
        Environment = listing.Environment,
        NameContains = listing.Name,
        Status = listing.Status,
        Now = clock.GetUtcNow(),
        UnusedSince = listing.UnusedDays is { } days ? clock.GetUtcNow().AddDays(-days) : null,
        AfterCreatedAt = after?.CreatedAt,
        AfterId = after?.Id,
        Count = listing.Limit + 1,
    };

    /// <summary>The keys that a caller may see.</summary>
    public static ApiKeyFilter Seen(ApiKeyCaller caller) => new()
    {
        AllTenants = caller.MayCrossTenants,
        TenantId = caller.TenantId,
        OwnerId = caller.IsLimitedToOwnKeys ? caller.UserId : null,
        Kind = caller.IsLimitedToOwnKeys ? ApiKeyKinds.Personal : null,
    };
}
