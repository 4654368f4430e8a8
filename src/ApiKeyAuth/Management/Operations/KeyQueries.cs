using System.Runtime.CompilerServices;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Reads the keys and audit entries that a caller may see.</summary>
internal sealed class KeyQueries(IWritableApiKeyStore store, KeyCommands commands, ApiKeyHasher hasher, TimeProvider clock)
{
    private const int MaxPageSize = 1_000;
    private const int MaxUsageHours = 744;

    public async Task<ApiKeyResult<ApiKey>> GetAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken)
    {
        if (!KeyValidator.IsValidId(id))
        {
            return Problems.NotFound;
        }

        var found = await commands.TryCallStoreAsync(caller, token => store.GetAsync(id, token), cancellationToken);
        return found.Error is { } problem ? problem : found.Value is { } key && caller.CanSee(key) ? key : Problems.NotFound;
    }

    /// <summary>Gets a key to change it, or a problem if the caller may not change it.</summary>
    public async Task<ApiKeyResult<ApiKey>> GetForChangeAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken)
    {
        if (ChangeRules.FindProblem(caller) is { } rejection)
        {
            return rejection;
        }

        var read = await GetAsync(caller, id, cancellationToken);
        return read.Succeeded && ChangeRules.FindProblem(caller, read.Value) is { } problem ? problem : read;
    }

    public async Task<ApiKeyResult<ApiKeyPage>> ListAsync(
        ApiKeyCaller caller, ApiKeyListRequest request, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(request.ParseErrors, StringComparer.Ordinal);
        foreach (var (field, text) in new[] { ("owner", request.OwnerId), ("environment", request.Environment), ("name", request.Name) })
        {
            if (text is not null && KeyValidator.FindFault(text) is { } fault)
            {
                problems.TryAdd(field, fault);
            }
        }

        UnusedDaysRule.Validate(request.UnusedDays, problems);
        if (request.UnusedDays is not null && store is not IApiKeyUsageStore)
        {
            problems.TryAdd(UnusedDaysRule.Field, "is not supported: the store does not count the usage of API keys");
        }

        if (request.UsageHours is < 1 or > MaxUsageHours)
        {
            problems.TryAdd("usageHours", $"must be from 1 to {MaxUsageHours}");
        }

        OrderRule.Validate(request, store, problems);
        var after = request.Cursor is { } cursor ? Cursor.ReadKey(cursor) : null;
        CheckPage(request.Limit, request.Cursor is not null && after is null, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ReadAsync(caller, CreateFilter(caller, request, after), request, cancellationToken);
    }

    /// <summary>Lists the keys of all pages. If a page cannot be read, the problem is the last item.</summary>
    public async IAsyncEnumerable<ApiKeyResult<ApiKey>> ListAllAsync(
        ApiKeyCaller caller, ApiKeyListRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = request with { IncludeTotal = false }; next is not null;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await ListAsync(caller, next, cancellationToken);
            if (!page.Succeeded)
            {
                yield return page.Error;
                yield break;
            }

            foreach (var key in page.Value.Keys)
            {
                yield return key;
            }

            next = page.Value.NextCursor is { } cursor ? next with { Cursor = cursor } : null;
        }
    }

    public async Task<ApiKeyResult<ApiKeyAuditPage>> ListAuditAsync(
        ApiKeyCaller caller, ApiKeyAuditListRequest request, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(request.ParseErrors, StringComparer.Ordinal);
        var after = request.Cursor is { } cursor ? Cursor.ReadEntry(cursor) : null;
        CheckPage(request.Limit, request.Cursor is not null && after is null, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var isKnown = true;
        if (request.KeyId is { } keyId)
        {
            var read = await GetAsync(caller, keyId, cancellationToken);
            isKnown = read.Succeeded;
            if (!isKnown && (read.Error!.Code != ApiKeyErrorCodes.NotFound || caller.OnlyOwnerId is not null
                || !KeyValidator.IsValidId(keyId)))
            {
                return read.Error;
            }
        }
        else if (caller.OnlyOwnerId is not null)
        {
            return Problems.Forbidden("The caller may only see the audit entries of its own keys; name one of them");
        }

        return await ReadAuditAsync(caller, request, after, isKnown, cancellationToken);
    }

    private static void CheckPage(int limit, bool isCursorInvalid, Dictionary<string, string> problems)
    {
        if (limit is < 1 or > MaxPageSize)
        {
            problems.TryAdd("limit", $"must be from 1 to {MaxPageSize}");
        }

        if (isCursorInvalid)
        {
            problems.TryAdd("cursor", "is not valid; use nextCursor of the previous page, or omit it");
        }
    }

    private async Task<ApiKeyResult<ApiKeyPage>> ReadAsync(
        ApiKeyCaller caller, ApiKeyFilter filter, ApiKeyListRequest request, CancellationToken cancellationToken)
    {
        var (keys, problem) = await commands.TryCallStoreAsync(
            caller,
            token => request.Order != ApiKeyOrder.Newest && store is IOrderedApiKeyStore ordered
                ? ordered.ListOrderedAsync(filter, request.Order, request.Skip, token)
                : store.ListAsync(filter, token),
            cancellationToken);
        long? total = null;
        long? legacy = null;
        if (problem is null && request.IncludeTotal)
        {
            (total, problem) = await commands.TryCallStoreAsync<long?>(
                caller, async token => await store.CountAsync(filter, token), cancellationToken);
        }

        if (problem is null && request.IncludeTotal && hasher.Algorithms.Count > 0)
        {
            (legacy, problem) = await commands.TryCallStoreAsync<long?>(
                caller, async token => await store.CountAsync(filter with { HasLegacyHash = true }, token), cancellationToken);
        }

        // One key more than requested was read, to determine whether there is a next page.
        List<ApiKey> page = [.. (keys ?? []).Take(request.Limit)];
        IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>? usage = null;
        if (problem is null && request.UsageHours is { } hours && store is IApiKeyUsageStore uses)
        {
            var to = UsageReportRange.FloorToHour(clock.GetUtcNow()).AddHours(1);
            (usage, problem) = await commands.TryCallStoreAsync(
                caller, token => uses.ListUsageAsync([.. page.Select(key => key.Id)], to.AddHours(-hours), to, token), cancellationToken);
        }

        return problem is not null ? problem : new ApiKeyPage
        {
            Keys = page,
            NextCursor = request.Order == ApiKeyOrder.Newest && keys!.Count > request.Limit ? Cursor.Create(page[^1]) : null,
            Total = total,
            Usage = usage,
            LegacyHashCount = legacy,
        };
    }

    private async Task<ApiKeyResult<ApiKeyAuditPage>> ReadAuditAsync(
        ApiKeyCaller caller, ApiKeyAuditListRequest request, Guid? after, bool keyExists, CancellationToken cancellationToken)
    {
        var filter = new ApiKeyAuditFilter
        {
            AllTenants = caller.MayCrossTenants,
            TenantId = caller.TenantId,
            KeyId = request.KeyId,
            Actor = request.Actor,
            Action = request.Action,
            Address = request.Address,
            From = request.From,
            To = request.To,
            AfterId = after,
            Limit = request.Limit + 1,
        };
        var (entries, problem) = await commands.TryCallStoreAsync(caller, token => store.ListAuditAsync(filter, token), cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        // A deleted key is known by its audit entries only; without them it never existed.
        // A store that was written before a condition existed ignores it, so each entry is checked again.
        return !keyExists && entries!.Count == 0
            ? Problems.NotFound
            : new ApiKeyAuditPage
            {
                Entries = [.. entries!.Take(request.Limit).Where(filter.Matches)],
                NextCursor = entries!.Count > request.Limit ? Cursor.Create(entries[request.Limit - 1]) : null,
            };
    }

    private ApiKeyFilter CreateFilter(
        ApiKeyCaller caller, ApiKeyListRequest request, (DateTimeOffset CreatedAt, string Id)? after) =>
        CreateVisibleFilter(caller) with
        {
            OwnerId = caller.OnlyOwnerId ?? request.OwnerId,
            Environment = request.Environment,
            NameContains = request.Name,
            Status = request.ExpiresWithinDays is null ? request.Status : ApiKeyStatus.Active,
            ExpiredBefore = request.ExpiresWithinDays is { } within ? clock.GetUtcNow().AddDays(within) : null,
            HasLegacyHash = request.HasLegacyHash,
            Now = clock.GetUtcNow(),
            UnusedSince = request.UnusedDays is { } days ? clock.GetUtcNow().AddDays(-days) : null,
            AfterCreatedAt = after?.CreatedAt,
            AfterId = after?.Id,
            Limit = request.Limit + 1,
        };

    /// <summary>Creates a filter for the keys that a caller may see.</summary>
    public static ApiKeyFilter CreateVisibleFilter(ApiKeyCaller caller) => new()
    {
        AllTenants = caller.MayCrossTenants,
        TenantId = caller.TenantId,
        OwnerId = caller.OnlyOwnerId,
        Kind = caller.IsLimitedToOwnKeys ? ApiKeyKinds.Personal : null,
    };
}
