using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Authentication.Owners;

/// <summary>
/// Restricts a personal key to the current permissions of its owner. If they cannot be determined, the request is rejected.
/// </summary>
internal sealed class OwnerPermissionEvaluator(
    ScopeCatalog catalog, ApiKeyVerifier verifier, ApiKeyCacheOptions options, TimeProvider clock, ILogger<OwnerPermissionEvaluator> logger)
{
    /// <summary>Determines whether the key is accepted so far and is personal, so that the permissions of its owner apply.</summary>
    public static bool AppliesTo(in VerificationResult verification) =>
        verification.Error is null && verification.Verified!.Key.Kind == ApiKeyKinds.Personal;

    public async ValueTask<VerificationResult> ApplyAsync(VerificationResult verification, HttpContext context)
    {
        var found = verification.Verified!;
        try
        {
            return await GetScopesAsync(found.Key, context.RequestServices, context.RequestAborted) is { } scopes
                ? verification with { Verified = new PersonalApiKey(found, found.Scopes.Intersect(catalog.Expand(scopes))) }
                : VerificationResult.Rejected(AuthenticationOutcome.OwnerGone, ApiKeyError.Invalid, found);
        }
        catch (Exception exception)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            Log.OwnerPermissionsFailed(logger, found.Key.Id, exception.GetType().Name);
            return VerificationResult.Rejected(AuthenticationOutcome.OwnerUnavailable, verifier.UnavailableError, found);
        }
    }

    /// <summary>
    /// Returns the current scopes of the owner of a personal key, or null if the owner or the implementation does not exist.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="services">The services of the request, or of a separate scope for an open connection.</param>
    /// <param name="cancellationToken">The token that is canceled if the request is aborted.</param>
    public async Task<ScopeSet?> GetScopesAsync(ApiKey key, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<IApiKeyOwnerPermissions>() is not { } permissions)
        {
            Log.OwnerPermissionsMissing(logger, key.Id);
            return null;
        }

        if (key.OwnerId is not { } owner)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(options.StoreTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);

        // The implementation may ignore its token, so the timeout also applies to the wait.
        return await permissions.GetAsync(owner, key.TenantId, either.Token).AsTask().WaitAsync(either.Token);
    }
}
