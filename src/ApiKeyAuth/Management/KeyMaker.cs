using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Makes keys and secrets by the rules; it stores nothing.</summary>
internal sealed class KeyMaker(
    ApiKeyFormats formats, ApiKeyHasher hasher, ScopeCatalogue catalogue, KeyRules rules, GrantRules grants, ApiKeyManagementOptions options, TimeProvider clock)
{
    public ApiKeyResult<IssuedApiKey> Make(ApiKeyCaller caller, NewApiKey request)
    {
        var draft = Draft(caller, request);
        return draft.Succeeded ? Issue(draft.Value, []) : draft.Problem;
    }

    /// <summary>Makes a key without a secret.</summary>
    public ApiKeyResult<ApiKey> Draft(ApiKeyCaller caller, NewApiKey request, bool mayBePast = false)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var key = Draft(caller, request, problems, mayBePast);
        rules.Check(key, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        key = grants.Cap(caller, key, request.RateLimits is { Count: > 0 }, request.ExpiresAt is not null || request.ExpiresInDays is not null);
        return (FindMisfit(caller, request, key) ?? grants.FindExcess(caller, key)) is { } problem ? problem : key;
    }

    public IssuedApiKey Rotate(ApiKey key, ApiKeyRotation rotation)
    {
        var now = clock.GetUtcNow();
        var retiring = key.Secrets.Skip(1).Where(secret => secret.ExpiresAt > now);
        if (!rotation.DiscardCurrent)
        {
            var end = now + rotation.Grace;
            retiring = rotation.Grace > TimeSpan.Zero
                ? [key.Secrets[0] with { ExpiresAt = key.ExpiresAt?.Instant < end ? key.ExpiresAt.Value.Instant : end }]
                : [];
        }

        return Issue(key, [.. retiring]);
    }

    private ApiKey Draft(ApiKeyCaller caller, NewApiKey request, Dictionary<string, string> problems, bool mayBePast)
    {
        var kind = request.Kind ?? (caller.IsLimitedToOwnKeys ? ApiKeyKinds.Personal : ApiKeyKinds.Service);
        return new ApiKey
        {
            Id = options.NewId(),
            Name = request.Name,
            Kind = kind,
            Environment = request.Environment ?? caller.Environment ?? FirstEnvironment(),
            TenantId = request.TenantId.IsSet ? request.TenantId.Value : caller.TenantId,
            OwnerId = request.OwnerId ?? (kind == ApiKeyKinds.Personal ? caller.UserId : null),
            Scopes = request.Scopes is { } scopes ? rules.ReadScopes(scopes, problems) : catalogue.DefaultScopes,
            RateLimits = request.RateLimits ?? [],
            Networks = request.Networks ?? [],
            Audiences = request.Audiences ?? [],
            Metadata = request.Metadata ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty,
            ExpiresAt = rules.SettleExpiry(request, problems, mayBePast),
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = caller.Actor,
            Version = 1,
        };
    }

    /// <summary>Finds why the caller may not make a key of this kind for this owner in this tenant.</summary>
    private static ApiKeyProblem? FindMisfit(ApiKeyCaller caller, NewApiKey request, ApiKey key)
    {
        var isPersonal = key.Kind == ApiKeyKinds.Personal;
        return request.TenantId.IsSet && !caller.MayCrossTenants && key.TenantId != caller.TenantId
                ? Problems.Forbidden("The caller may make keys for its own tenant only")
            : caller.IsLimitedToOwnKeys && !isPersonal ? Problems.Forbidden("The caller may make personal keys only")
            : isPersonal && key.OwnerId is null
                ? Problems.Invalid(new Dictionary<string, string> { ["ownerId"] = "is missing; a personal key belongs to a user" })
            : isPersonal && caller.UserId is { } user && key.OwnerId != user
                ? Problems.Forbidden("A personal key is made by the user it belongs to")
            : null;
    }

    private string? FirstEnvironment() => formats.Issuing.Environments is [var first, ..] ? first : null;

    private IssuedApiKey Issue(ApiKey key, IReadOnlyList<ApiKeySecret> retiring)
    {
        var secret = formats.Issuing.Generate(key.Environment);
        var current = new ApiKeySecret { Hash = hasher.Hash(secret), Hint = formats.Issuing.GetHint(secret), CreatedAt = clock.GetUtcNow() };
        return new IssuedApiKey(key with { Secrets = [current, .. retiring] }, secret);
    }
}
