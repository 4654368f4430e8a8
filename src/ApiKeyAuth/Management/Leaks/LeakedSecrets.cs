using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Finds the key of a leaked secret, and ends the key or the secret.</summary>
internal sealed class LeakedSecrets(
    IWritableApiKeyStore store,
    IEnumerable<IApiKeyStore> stores,
    KeyCommands commands,
    CascadingKeyRevoker cascadingRevoker,
    KeyFactory factory,
    ApiKeyFormats formats,
    ApiKeyHasher hasher,
    SaltedKeyLoader saltedKeys,
    TimeProvider clock)
{
    private const int MaxAttempts = 20;

    /// <summary>Handles the leak of a secret, and retries if its key is changed at the same time.</summary>
    /// <remarks>The store is not called if the secret does not have a format of the app.</remarks>
    /// <param name="secret">The secret.</param>
    /// <param name="plan">Determines how the leak is handled.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The key, or null if the store has none with this secret, or a problem.</returns>
    public async Task<(LeakedKey? Leaked, ApiKeyError? Error)> EndAsync(
        string secret, Func<ApiKey, LeakPlan> plan, CancellationToken cancellationToken)
    {
        if (!formats.TryParse(secret, out _))
        {
            return (null, null);
        }

        var hashes = GetHashes(secret);
        for (var attempt = 1; ; attempt++)
        {
            var (key, problem) = await commands.TryCallStoreAsync(caller: null, token => store.FindAsync(hashes, token), cancellationToken);
            var leaked = key?.Secrets.FirstOrDefault(candidate => hashes.Contains(candidate.Hash));
            if (key is null && problem is null)
            {
                (key, leaked, problem) = await FindSaltedAsync(secret);
            }

            if (key is null)
            {
                return (null, problem);
            }

            var (outcome, error) = await EndAsync(key, leaked, plan(key), cancellationToken);
            if (attempt == MaxAttempts || error?.Code != ApiKeyErrorCodes.Conflict)
            {
                return (new LeakedKey(key, outcome), error);
            }
        }
    }

    /// <summary>Finds the key of a secret in the stores that cannot be changed, such as the settings.</summary>
    public async Task<(ApiKey? Key, ApiKeyError? Error)> FindReadOnlyAsync(string secret, CancellationToken cancellationToken)
    {
        var hashes = formats.TryParse(secret, out _) ? GetHashes(secret) : [];
        foreach (var other in hashes.Count == 0 ? [] : stores.Where(other => other is not IWritableApiKeyStore))
        {
            var (key, problem) = await commands.TryCallStoreAsync(caller: null, token => other.FindAsync(hashes, token), cancellationToken);
            if (key is not null || problem is not null)
            {
                return (key, problem);
            }
        }

        return (null, null);
    }

    private async Task<(ApiKey? Key, ApiKeySecret? Secret, ApiKeyError? Error)> FindSaltedAsync(string secret)
    {
        var loaded = hasher.FindPrefixes(secret) is { } prefixed ? await saltedKeys.LoadAsync(prefixed) : default;
        return loaded.IsFailed ? (null, null, Problems.StoreUnavailable) : (loaded.Key, loaded.Secret, null);
    }

    private IReadOnlyList<ApiKeyHash> GetHashes(string secret) => hasher.GetCandidates(secret);

    private Task<(string Outcome, ApiKeyError? Error)> EndAsync(
        ApiKey key, ApiKeySecret? leaked, LeakPlan plan, CancellationToken cancellationToken) =>
        plan.Action == ApiKeyLeakAction.Alert
            ? Task.FromResult<(string, ApiKeyError?)>(("It was not changed; rotate or revoke it.", null))
        : key.RevokedAt is null && leaked is { ExpiresAt: { } end } ? EndRetiringAsync(key, leaked, end, plan, cancellationToken)
        : key.RevokedAt is null && plan.Action == ApiKeyLeakAction.Rotate && factory.CanIssue(key)
            ? RotateAsync(key, leaked, plan, cancellationToken)
        : RevokeAsync(key, plan, cancellationToken);

    private async Task<(string Outcome, ApiKeyError? Error)> RevokeAsync(
        ApiKey key, LeakPlan plan, CancellationToken cancellationToken)
    {
        var revocation = new ApiKeyRevocation { Reason = plan.Reason };
        var revoked = await cascadingRevoker.RevokeAsync(plan.Caller, key.Id, revocation, cancellationToken);
        return ("It is revoked.", revoked.Error is { Code: not ApiKeyErrorCodes.NotFound } failed ? failed : null);
    }

    /// <summary>Ends a retiring secret. The owner already has a new one, which the holder of the old one must not be able to end.</summary>
    private async Task<(string Outcome, ApiKeyError? Error)> EndRetiringAsync(
        ApiKey key, ApiKeySecret leaked, DateTimeOffset end, LeakPlan plan, CancellationToken cancellationToken)
    {
        var isRevoked = plan.Action == ApiKeyLeakAction.Revoke;
        var graceEnd = clock.GetUtcNow() + plan.Grace;
        var outcome = isRevoked ? "The leaked secret was retiring and is revoked; the current one stays valid."
            : end <= graceEnd ? $"The leaked secret is retiring and ends at {end:u}."
            : $"The leaked secret is retiring and now ends at {graceEnd:u}.";
        if (!isRevoked && end <= graceEnd && leaked.LeakedAt is not null)
        {
            return (outcome, null);
        }

        var marked = leaked with { ExpiresAt = end <= graceEnd ? end : graceEnd, LeakedAt = leaked.LeakedAt ?? clock.GetUtcNow() };
        var after = key with
        {
            Secrets = isRevoked
                ? [.. key.Secrets.Where(candidate => candidate != leaked)]
                : [.. key.Secrets.Select(candidate => candidate == leaked ? marked : candidate)],
        };
        var ended = await commands.UpdateAsync(plan.Caller, "revoke-secret", key, after, false, cancellationToken);
        return (outcome, ended.Error);
    }

    /// <summary>Replaces the leaked secret. The new one is not returned, so the owner replaces it with one that they receive.</summary>
    private async Task<(string Outcome, ApiKeyError? Error)> RotateAsync(
        ApiKey key, ApiKeySecret? leaked, LeakPlan plan, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var marked = key with
        {
            Secrets = [.. key.Secrets.Select(secret => secret == leaked ? secret with { LeakedAt = now } : secret)],
        };
        var rotated = factory.Rotate(marked, new ApiKeyRotation { Grace = plan.Grace }).Key;

        // Clients that still use an older secret did not leak it.
        var after = rotated with { Secrets = [.. rotated.Secrets, .. key.Secrets.Where(secret => secret.ExpiresAt > now)] };
        var written = await commands.UpdateAsync(plan.Caller, "rotate", key, after, false, cancellationToken);
        var end = rotated.Secrets.Count > 1 ? rotated.Secrets[1].ExpiresAt ?? now : now;
        return ($"The leaked secret ends at {end:u}. Rotate the key with discardCurrent to receive a new one.", written.Error);
    }
}
