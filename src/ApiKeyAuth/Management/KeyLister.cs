using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Lists what a caller may see, a page at a time.</summary>
internal sealed class KeyLister(IWritableApiKeyStore store, KeyWriter writer, TimeProvider clock)
{
    public async Task<ApiKeyResult<ApiKeyPage>> ListAsync(ApiKeyCaller caller, ApiKeyListing listing, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        if (listing.Limit is < 1 or > 1_000)
        {
            problems["limit"] = "ranges from 1 to 1000";
        }

        var after = listing.Cursor is { } cursor ? Cursor.Read(cursor) : null;
        if (listing.Cursor is not null && after is null)
        {
            problems["cursor"] = "is no cursor; take nextCursor from the page before, or leave it out";
        }

        return problems.Count > 0 ? Problems.Invalid(problems) : await ReadAsync(Filter(caller, listing, after), listing, cancellationToken);
    }

    private async Task<ApiKeyResult<ApiKeyPage>> ReadAsync(ApiKeyFilter filter, ApiKeyListing listing, CancellationToken cancellationToken)
    {
        var (keys, problem) = await writer.TryAsync(() => store.ListAsync(filter, cancellationToken), cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        long? total = null;
        if (listing.WithTotal)
        {
            (total, problem) = await writer.TryAsync<long?>(async () => await store.CountAsync(filter, cancellationToken), cancellationToken);
            if (problem is not null)
            {
                return problem;
            }
        }

        // One more than asked was read, to know whether there is a next page.
        List<ApiKey> page = [.. keys!.Take(listing.Limit)];
        return new ApiKeyPage
        {
            Keys = page,
            NextCursor = keys!.Count > listing.Limit ? Cursor.Write(page[^1].CreatedAt, page[^1].Id) : null,
            Total = total,
        };
    }

    private ApiKeyFilter Filter(ApiKeyCaller caller, ApiKeyListing listing, (DateTimeOffset CreatedAt, string Id)? after) => new()
    {
        AllTenants = caller.MayCrossTenants,
        TenantId = caller.TenantId,
        OwnerId = caller.IsLimitedToOwnKeys ? caller.UserId : listing.OwnerId,
        Kind = caller.IsLimitedToOwnKeys ? ApiKeyKinds.Personal : null,
        Environment = listing.Environment,
        NameContains = listing.Name,
        Status = listing.Status,
        Now = clock.GetUtcNow(),
        AfterCreatedAt = after?.CreatedAt,
        AfterId = after?.Id,
        Count = listing.Limit + 1,
    };
}
