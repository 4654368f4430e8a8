using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Revokes keys, optionally with all their descendants.</summary>
internal sealed class CascadingKeyRevoker(
    KeyQueries queries, KeyCommands commands, KeyDescendants descendants, ApiKeyFormats formats, TimeProvider clock)
{
    private const int MaxAttempts = 20;

    private static readonly ApiKeyError DescendantsAdded = Problems.Conflict(
        "The API key was revoked, but keys that it created, and that the caller may not change, were added at the same time");

    public async Task<ApiKeyResult<RevokedApiKey>> RevokeAsync(
        ApiKeyCaller caller, string id, ApiKeyRevocation revocation, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);

        // The reason may contain the leaked secret.
        var reason = KeyValidator.ReadReason(revocation.Reason, problems) is { } text ? formats.Redact(text) : null;
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var read = await queries.GetForChangeAsync(caller, id, cancellationToken);
        if (!read.Succeeded)
        {
            return read.Error;
        }

        if (revocation.Cascade && await FindCascadeProblemAsync(caller, id, cancellationToken) is { } rejection)
        {
            return rejection;
        }

        // Each key is revoked before the keys that it created are listed, so that it cannot create another one during the walk.
        var (key, count, problem) = await RevokeOneAsync(caller, read.Value, reason, cancellationToken);
        if (problem is null && revocation.Cascade)
        {
            problem = await descendants.WalkAsync(
                caller,
                id,
                async descendant =>
                {
                    if (!CanRevoke(caller, descendant))
                    {
                        return DescendantsAdded;
                    }

                    var result = await RevokeOneAsync(caller, descendant, reason, cancellationToken);
                    count += result.Count;
                    return result.Error is { Code: not ApiKeyErrorCodes.NotFound } failed ? failed : null;
                },
                cancellationToken);
        }

        return problem is null ? new RevokedApiKey(key, count) : problem;
    }

    /// <summary>Returns a problem if a caller may not revoke all descendants of a key, before any of them is revoked.</summary>
    private async Task<ApiKeyError?> FindCascadeProblemAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken)
    {
        var forbidden = 0;
        var problem = await descendants.WalkAsync(
            caller,
            id,
            descendant =>
            {
                forbidden += CanRevoke(caller, descendant) ? 0 : 1;
                return Task.FromResult<ApiKeyError?>(null);
            },
            cancellationToken);
        return problem ?? (forbidden == 0 ? null : Problems.Forbidden(
            $"The caller may not revoke {forbidden} of the API keys that this key and its keys created, so none was revoked; revoke "
            + "without cascade, or as a caller that may change them all"));
    }

    private static bool CanRevoke(ApiKeyCaller caller, ApiKey key) =>
        key.RevokedAt is not null || (caller.CanSee(key) && ChangeRules.FindProblem(caller, key) is null);

    /// <summary>Revokes one key, and retries if it is changed at the same time. A revoked key does not change.</summary>
    private async Task<(ApiKey Key, int Count, ApiKeyError? Error)> RevokeOneAsync(
        ApiKeyCaller caller, ApiKey key, string? reason, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (key.RevokedAt is not null)
            {
                // The call that revoked it may not have reached every node.
                return (key, 0, (await commands.InvalidateAsync(key, cancellationToken)).Error);
            }

            var after = key with { RevokedAt = clock.GetUtcNow(), RevocationReason = reason };
            var revoked = await commands.UpdateAsync(caller, "revoke", key, after, false, cancellationToken);
            if (revoked.Succeeded)
            {
                return (revoked.Value, 1, null);
            }

            if (attempt == MaxAttempts || revoked.Error.Code != ApiKeyErrorCodes.Conflict)
            {
                return (key, 0, revoked.Error);
            }

            var read = await queries.GetAsync(caller, key.Id, cancellationToken);
            if (!read.Succeeded)
            {
                return (key, 0, read.Error);
            }

            key = read.Value;
        }
    }
}
