using System.Collections.ObjectModel;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Operations;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Creates keys and secrets according to the rules, without storing them.</summary>
internal sealed class KeyFactory(
    ApiKeyFormats formats,
    ApiKeyHasher hasher,
    ScopeCatalog catalog,
    KeyValidator validator,
    ExpiryRules expiry,
    GrantRules grants,
    PersonalKeyRules personalRules,
    ApiKeyManagementOptions options,
    TimeProvider clock)
{
    public ApiKeyResult<IssuedApiKey> Create(ApiKeyCaller caller, NewApiKey request)
    {
        var draft = Draft(caller, request);
        return draft.Succeeded ? Issue(draft.Value, []) : draft.Error;
    }

    /// <summary>Creates a key without a secret.</summary>
    /// <remarks>An imported key may have expired, and its environment may be one that new keys cannot have.</remarks>
    public ApiKeyResult<ApiKey> Draft(ApiKeyCaller caller, NewApiKey request, bool isImport = false)
    {
        var problems = new Dictionary<string, string>(request.ParseErrors, StringComparer.Ordinal);
        var key = Draft(caller, request, problems, isImport);
        validator.Validate(key, problems);
        CheckEnvironment(key.Environment, isImport, problems);
        personalRules.Check(key, problems);
        ExpiryRules.CheckStart(key, isStartChanged: true, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        key = grants.Cap(caller, key, hasExpiry: request.ExpiresAt is not null || request.ExpiresInDays is not null);
        return (FindProblem(caller, key) ?? grants.FindProblem(caller, key)) is { } problem ? problem : key;
    }

    /// <summary>Determines whether new secrets can be issued for the environment of a key.</summary>
    public bool CanIssue(ApiKey key) => formats.Issuing.Shape.HasEnvironment(key.Environment);

    public IssuedApiKey Rotate(ApiKey key, ApiKeyRotation rotation)
    {
        var now = clock.GetUtcNow();
        if (rotation.DiscardCurrent)
        {
            return Issue(key, [.. GetRetiring(key, now)]);
        }

        var graceEnd = now + rotation.Grace;
        var expiresAt = key.ExpiresAt?.Instant < graceEnd ? key.ExpiresAt.Value.Instant : graceEnd;
        return Issue(
            key,
            expiresAt <= now
                ? []
                : [.. key.Secrets.Where(secret => secret.ExpiresAt is null).Select(secret => secret with { ExpiresAt = expiresAt })]);
    }

    /// <summary>Drops the current secret of a key and keeps the secrets that it should have replaced.</summary>
    public static ApiKey CancelRotation(ApiKey key, DateTimeOffset now) => key with
    {
        Secrets = [.. GetRetiring(key, now).Select(secret => secret with { ExpiresAt = null })],
    };

    /// <summary>Returns the secrets that a rotation is retiring and that are still valid.</summary>
    public static IEnumerable<ApiKeySecret> GetRetiring(ApiKey key, DateTimeOffset now) =>
        key.Secrets.Skip(1).Where(secret => secret.ExpiresAt > now);

    private ApiKey Draft(ApiKeyCaller caller, NewApiKey request, Dictionary<string, string> problems, bool isImport)
    {
        var kind = request.Kind ?? (caller.IsLimitedToOwnKeys ? ApiKeyKinds.Personal : ApiKeyKinds.Service);
        return new ApiKey
        {
            Id = GenerateId(),
            Name = KeyValidator.ReadName(request.Name, problems),
            Kind = kind,
            Environment = request.Environment ?? caller.Environment ?? (formats.Issuing.Environments is [var first, ..] ? first : null),
            TenantId = request.TenantId ?? caller.TenantId,
            OwnerId = request.OwnerId ?? caller.OnlyOwnerId ?? (kind == ApiKeyKinds.Personal ? caller.UserId : null),
            Scopes = request.Scopes is { } scopes ? validator.ReadScopes(scopes, problems) : catalog.DefaultScopes,
            RateLimits = request.RateLimits ?? [],
            Networks = request.Networks ?? [],
            Audiences = request.Audiences ?? [],
            Metadata = request.Metadata ?? ReadOnlyDictionary<string, string>.Empty,
            ExpiresAt = expiry.Resolve(request, problems, allowsPast: isImport),
            NotBefore = StartTime.Truncate(request.NotBefore),
            ExpiresAfterIdleDays = request.ExpiresAfterIdleDays,
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = caller.Actor,
            Version = 1,
        };
    }

    private void CheckEnvironment(string? environment, bool isImport, Dictionary<string, string> problems)
    {
        if (!(isImport ? formats.HasEnvironment(environment) : formats.Issuing.Shape.HasEnvironment(environment)))
        {
            var known = formats.Issuing.Environments;
            problems.TryAdd(
                "environment",
                known.Count == 0 ? "is not supported: keys of this app have no environment" : $"must be one of {string.Join(", ", known)}");
        }
    }

    /// <summary>Returns a problem if the caller may not create a key of this kind for this owner in this tenant.</summary>
    private static ApiKeyError? FindProblem(ApiKeyCaller caller, ApiKey key) =>
        !caller.MayCrossTenants && key.TenantId != caller.TenantId
            ? Problems.Forbidden("The caller may only create keys for its own tenant")
        : caller.IsLimitedToOwnKeys && key.Kind != ApiKeyKinds.Personal
            ? Problems.Forbidden("The caller may only create personal keys")
        : PersonalKeyRules.FindOwnershipProblem(caller, key) is { } problem ? problem
        : !caller.IsLimitedToOwnKeys && caller.OnlyOwnerId is { } owner && key.OwnerId != owner
            ? Problems.Forbidden("The caller may only create keys of one owner; omit ownerId")
        : key.OwnerId is not null && key.OwnerId != caller.UserId && !caller.ManagesOthers
            ? Problems.Forbidden("Only a caller that manages the keys of others may set another owner than its own user; omit ownerId")
        : null;

    private string GenerateId() =>
        options.NewId() is { } id && KeyValidator.IsValidId(id)
            ? id
            : throw new InvalidOperationException(
                "ApiKeyManagementOptions.NewId returned an invalid ID; it must return 1 to 200 of the characters A-Z a-z 0-9 . _ -");

    private IssuedApiKey Issue(ApiKey key, IReadOnlyList<ApiKeySecret> retiring)
    {
        var secret = formats.Issuing.Generate(key.Environment);
        var current = new ApiKeySecret
        {
            Hash = hasher.Hash(secret),
            Hint = formats.Issuing.GetHint(secret),
            CreatedAt = clock.GetUtcNow(),
        };
        return new IssuedApiKey(key with { Secrets = [current, .. retiring] }, secret);
    }
}
