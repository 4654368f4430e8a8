using System.Collections.ObjectModel;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Operations;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Applies changes and rotations to keys according to the rules, without storing them.</summary>
internal sealed class KeyUpdater(
    KeyValidator validator, ExpiryRules expiry, GrantRules grants, KeyFactory factory, ApiKeyManagementOptions options, TimeProvider clock)
{
    private static readonly ApiKeyError NotRotating = Problems.Conflict(
        "The API key has no retiring secret; only a rotation within its grace period can be completed or canceled");

    private static readonly ApiKeyError Leaked = Problems.Conflict(
        "The retiring secret of the API key leaked, so it cannot be kept; complete the rotation, or rotate again with discardCurrent to "
        + "receive a new secret");

    public ApiKeyResult<ApiKey> Apply(ApiKeyCaller caller, ApiKey before, ApiKeyPatch patch)
    {
        var problems = new Dictionary<string, string>(patch.ParseErrors, StringComparer.Ordinal);
        var after = Apply(before, patch, problems);
        if (!patch.RateLimits.IsSet)
        {
            after = grants.Cap(caller, before, after);
        }

        Check(after, patch, problems);
        if (patch.NotBefore.IsSet || patch.ExpiresAt.IsSet)
        {
            ExpiryRules.CheckStart(after, patch.NotBefore.IsSet, problems);
        }

        return problems.Count > 0 ? Problems.Invalid(problems)
            : grants.FindProblem(caller, before, after) is { } problem ? problem
            : after;
    }

    public ApiKeyResult<IssuedApiKey> Rotate(ApiKeyCaller caller, ApiKey key, ApiKeyRotation rotation)
    {
        if (rotation.Grace < TimeSpan.Zero || rotation.Grace > options.MaxRotationGrace)
        {
            return Problems.Invalid("graceSeconds", $"must be from 0 to {(long)options.MaxRotationGrace.TotalSeconds}");
        }

        return FindRotationProblem(caller, key, rotation) is { } problem ? problem : factory.Rotate(key, rotation);
    }

    /// <summary>Ends the retiring secrets of a key. It only removes rights.</summary>
    public ApiKeyResult<ApiKey> CompleteRotation(ApiKey key) =>
        IsRotating(key) ? key with { Secrets = [key.Secrets[0]] } : NotRotating;

    /// <summary>Drops the current secret of a key and keeps the retiring ones.</summary>
    /// <remarks>A caller with fewer rights than the key must not be able to extend the lifetime of a secret that may have leaked.</remarks>
    public ApiKeyResult<ApiKey> CancelRotation(ApiKeyCaller caller, ApiKey key) =>
        !IsRotating(key) ? NotRotating
        : FindGrantProblem(caller, key) is { } problem ? problem
        : KeyFactory.GetRetiring(key, clock.GetUtcNow()).Any(secret => secret.LeakedAt is not null) ? Leaked
        : KeyFactory.CancelRotation(key, clock.GetUtcNow());

    private bool IsRotating(ApiKey key) => KeyFactory.GetRetiring(key, clock.GetUtcNow()).Any();

    /// <summary>Returns a problem if a caller may not decide which secrets of a key are valid.</summary>
    private ApiKeyError? FindGrantProblem(ApiKeyCaller caller, ApiKey key) =>
        PersonalKeyRules.FindOwnershipProblem(caller, key) ?? (caller.KeyId == key.Id ? null : grants.FindProblem(caller, key));

    private ApiKeyError? FindRotationProblem(ApiKeyCaller caller, ApiKey key, ApiKeyRotation rotation)
    {
        var now = clock.GetUtcNow();
        return key.GetStatus(now) == ApiKeyStatus.Expired
                ? Problems.Conflict("The API key has expired; set a later expiration first")
            : key.GetStatus(now) == ApiKeyStatus.Idle
                ? Problems.Conflict("The API key has expired because it was not used; change expiresAfterIdleDays first")
            : !factory.CanIssue(key)
                ? Problems.Conflict("New secrets cannot have the environment of the API key any more; create a new key")
            : !rotation.DiscardCurrent && key.Secrets.Any(secret => secret.ExpiresAt > now)
                ? Problems.Conflict("The API key has a retiring secret; wait until it expires, or discard the current secret")
            : FindGrantProblem(caller, key);
    }

    private ApiKey Apply(ApiKey key, ApiKeyPatch patch, Dictionary<string, string> problems) => key with
    {
        Name = patch.Name.IsSet ? KeyValidator.ReadName(patch.Name.Value, problems) : key.Name,
        Enabled = patch.Enabled.GetValueOrDefault(key.Enabled),
        Scopes = patch.Scopes.IsSet ? validator.ReadScopes(patch.Scopes.Value ?? [], problems) : key.Scopes,
        RateLimits = patch.RateLimits.GetValueOrDefault(key.RateLimits) ?? [],
        Networks = patch.Networks.GetValueOrDefault(key.Networks) ?? [],
        Audiences = patch.Audiences.GetValueOrDefault(key.Audiences) ?? [],
        Metadata = patch.Metadata.IsSet ? Merge(key.Metadata, patch.Metadata.Value) : key.Metadata,
        ExpiresAt = patch.ExpiresAt.IsSet ? expiry.Check(patch.ExpiresAt.Value, problems) : key.ExpiresAt,
        NotBefore = patch.NotBefore.IsSet ? StartTime.Truncate(patch.NotBefore.Value) : key.NotBefore,
        ExpiresAfterIdleDays = patch.ExpiresAfterIdleDays.GetValueOrDefault(key.ExpiresAfterIdleDays),
    };

    private static ReadOnlyDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string?>? changes)
    {
        var merged = changes is null ? [] : new Dictionary<string, string>(metadata, StringComparer.Ordinal);
        foreach (var (name, value) in changes ?? ReadOnlyDictionary<string, string?>.Empty)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value;
            }
        }

        return merged.AsReadOnly();
    }

    /// <summary>Validates the changed fields only: unchanged values may be older than a rule.</summary>
    private void Check(ApiKey after, ApiKeyPatch patch, Dictionary<string, string> problems)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        validator.Validate(after, faults);
        foreach (var field in patch.ChangedFields.Where(faults.ContainsKey))
        {
            problems.TryAdd(field, faults[field]);
        }
    }
}
