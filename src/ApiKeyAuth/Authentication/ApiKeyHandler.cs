using System.Security.Claims;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Authenticates requests with API keys. Reads the credential, looks up the key, verifies it, and records the error of a rejection.
/// </summary>
internal sealed class ApiKeyHandler(ApiKeyHandlerServices services) : SchemeHandler(services.Options)
{
    private static readonly AuthenticateResult Failed = AuthenticateResult.Fail("The API key was refused.");

    private ApiKeyError _error = ApiKeyError.Missing;

    private HttpRequest Request => Context.Request;

    private HttpResponse Response => Context.Response;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Options.HasMessageReceived)
        {
            await ReceivedCredentials.ReceiveAsync(Context, Scheme, Options, Events);
        }

        var credential = services.Reader.Read(Request, Options);
        CredentialCacheHeaders.Apply(Context, Options, credential, services.Caching);
        switch (credential.Kind)
        {
            case CredentialKind.None:
                return AuthenticateResult.NoResult();
            case CredentialKind.UnrecognizedToken:
                _error = ApiKeyError.UnrecognizedToken;
                return AuthenticateResult.NoResult();
            case CredentialKind.Ambiguous:
                return await RejectAsync(VerificationResult.Rejected(AuthenticationOutcome.Ambiguous, ApiKeyError.Ambiguous));
            case CredentialKind.Malformed:
                return await RejectAsync(
                    VerificationResult.Rejected(AuthenticationOutcome.Malformed, ApiKeyError.Invalid),
                    services.DiagnosedFormats?.DescribeFault(credential.Secret));
        }

        var started = services.Clock.GetTimestamp();
        var environment = credential.Environment;
        var lookup = await services.Verifier.FindAsync(credential.Secret, started, Context);
        var verification = services.Verifier.Verify(lookup, environment, Context, Options);
        if (services.Metrics.IsVerificationMeasured)
        {
            services.Metrics.RecordVerification(services.Clock.GetElapsedTime(started));
        }

        if (OwnerPermissionEvaluator.AppliesTo(verification))
        {
            verification = await services.Owners.ApplyAsync(verification, Context);
        }

        if (verification.Error is not null)
        {
            return await RejectAsync(verification);
        }

        var ticket = Accept(verification.Verified!, verification.VerifiedAt);
        return Events.IgnoresValidated
            ? AuthenticateResult.Success(ticket)
            : await RaiseValidatedAsync(verification.Verified!, ticket);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties? properties)
    {
        // An endpoint can challenge a request that was not authenticated yet. The error is only known after authentication.
        var authenticated = AuthenticateOnceAsync();
        await ((Task)authenticated).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (authenticated.IsCompletedSuccessfully && (await authenticated).Succeeded)
        {
            // The key is valid, so the app itself challenged the request, for example with Results.Challenge().
            _error = ApiKeyError.KeyNotAccepted;
        }

        var feature = ApiKeyRequestFeature.GetOrCreate(Context);
        var reported = GetReportedError(feature.ErrorWithoutKey);
        var error = services.Errors.GetReportedError(reported);
        if (!Events.IgnoresChallenge && await IsChallengeHandledAsync(properties, error))
        {
            return;
        }

        Response.StatusCode = error.StatusCode;
        if (error.StatusCode == StatusCodes.Status401Unauthorized)
        {
            var challenges = ReferenceEquals(_error, ApiKeyError.Missing) ? Options.Challenges : Options.InvalidChallenges;
            Response.Headers.Append(HeaderNames.WWWAuthenticate, challenges);
        }

        // The original error is recorded. The writer keeps a redirect to a sign-in page only if the request has no key.
        feature.Reject(reported);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties? properties)
    {
        if (_error.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status503ServiceUnavailable)
        {
            // Another identity lacks permissions. The key of this scheme was ambiguous or could not be verified, so its scopes are unknown.
            await HandleChallengeAsync(properties);
            return;
        }

        var feature = ApiKeyRequestFeature.GetOrCreate(Context);
        var missing = feature.MissingScopes;
        var error = missing.Count == 0
            ? ApiKeyError.Forbidden
            : ApiKeyError.InsufficientScope(
                missing,
                ChallengeHeaders.WithInsufficientScope(Options.Challenges[0], missing),
                AuthenticatedKeys.GetAll(Context).Count == 0 ? "Access token" : "API key");
        var forbidden = new ApiKeyForbiddenContext(Context, Scheme, Options, properties ?? new AuthenticationProperties(), error);
        await Events.Forbidden(forbidden);
        if (forbidden.Handled)
        {
            feature.MissingScopes = [];
            return;
        }

        Response.StatusCode = error.StatusCode;
        feature.Reject(error);
    }

    private AuthenticationTicket Accept(VerifiedApiKey verified, long verifiedAt)
    {
        services.Metrics.RecordAuthentication(Scheme.Name, AuthenticationOutcome.Accepted);
        Log.KeyAccepted(services.Logger, Scheme.Name, verified.Key.Id);
        DeprecationHeaders.Apply(Context, verified);
        var identity = new ApiKeyIdentity(verified, Scheme.Name, verifiedAt);
        if (services.HasClaimsTransformation || !Events.IgnoresValidated)
        {
            // The app may replace this identity with one that copies its claims. Limits must still apply to the key.
            identity.EnsureClaims();
            AuthenticatedKeysFeature.Add(Context, verified);
        }

        // Connections that outlive the request, such as those of SignalR, close when the ticket expires.
        var properties = new AuthenticationProperties(new TicketItems(verified));
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }

    private async Task<AuthenticateResult> RaiseValidatedAsync(VerifiedApiKey verified, AuthenticationTicket ticket)
    {
        var context = new ApiKeyValidatedContext(Context, Scheme, Options, verified.Key)
        {
            Principal = ticket.Principal,
            Properties = ticket.Properties,
        };
        await Events.Validated(context);
        if (context.Result is null)
        {
            context.Success();
        }

        return context.Result!.Succeeded
            ? context.Result
            : await RejectAsync(VerificationResult.Rejected(AuthenticationOutcome.RejectedByEvent, ApiKeyError.Invalid, verified));
    }

    /// <summary>
    /// Returns the error to report. If the request has no key, the results of the endpoint's other schemes determine the error.
    /// </summary>
    private ApiKeyError GetReportedError(ApiKeyError? errorWithoutKey) =>
        ReferenceEquals(_error, ApiKeyError.Missing) ? errorWithoutKey ?? _error
        : ReferenceEquals(_error, ApiKeyError.UnrecognizedToken)
            && ReferenceEquals(errorWithoutKey, ApiKeyError.InvalidToken) ? errorWithoutKey
        : _error;

    private async Task<bool> IsChallengeHandledAsync(AuthenticationProperties? properties, ApiKeyError error)
    {
        var challenge = new ApiKeyChallengeContext(Context, Scheme, Options, properties ?? new AuthenticationProperties(), error);
        await Events.Challenge(challenge);
        return challenge.Handled;
    }

    private async ValueTask<AuthenticateResult> RejectAsync(VerificationResult verification, string? reason = null)
    {
        _error = verification.Error!;
        var keyId = verification.Verified?.Key.Id;
        if (verification.Verified is { } known)
        {
            ApiKeyRequestFeature.GetOrCreate(Context).AddRejectedKey(known, _error.Code);
        }

        services.Metrics.RecordAuthentication(Scheme.Name, verification.Outcome);
        if (reason is not null)
        {
            Log.MalformedKeyRejected(services.Logger, services.RejectionLogLevel, Scheme.Name, reason);
        }
        else if (keyId is null)
        {
            Log.UnknownKeyRejected(services.Logger, services.RejectionLogLevel, Scheme.Name, verification.Outcome);
        }
        else
        {
            Log.KeyRejected(services.Logger, services.RejectionLogLevel, Scheme.Name, keyId, verification.Outcome);
        }

        if (_error.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            ApiKeyRequestFeature.GetOrCreate(Context).IsKeyRejected = true;
        }

        if (!Events.IgnoresFailed)
        {
            await Events.AuthenticationFailed(
                new ApiKeyAuthenticationFailedContext(Context, Scheme, Options, services.Errors.GetReportedError(_error), keyId));
        }

        return Failed;
    }
}
