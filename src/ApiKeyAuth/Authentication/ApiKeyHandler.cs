using System.Security.Claims;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Turns a request into a principal: reads the credential, hashes it, looks it up, judges it. It refuses by recording why.
/// </summary>
internal sealed class ApiKeyHandler(ApiKeyHandlerServices services) : SchemeHandler(services.Options)
{
    private static readonly Task<AuthenticateResult> NoResult = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> Failed = Task.FromResult(AuthenticateResult.Fail("The API key was refused."));

    private ApiKeyError _error = ApiKeyError.Missing;

    private HttpRequest Request => Context.Request;

    private HttpResponse Response => Context.Response;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Options.HasMessageReceived ? ReceiveAsync() : ReadAsync();

    private async Task<AuthenticateResult> ReceiveAsync()
    {
        await ReceivedCredentials.ReceiveAsync(Context, Scheme, Options, Events);
        return await ReadAsync();
    }

    private Task<AuthenticateResult> ReadAsync()
    {
        var credential = services.Reader.Read(Request, Options);
        CredentialCacheHeaders.Apply(Context, Options, credential, services.Caching);
        switch (credential.Kind)
        {
            case CredentialKind.None:
                return NoResult;
            case CredentialKind.UnrecognizedToken:
                _error = ApiKeyError.UnrecognizedToken;
                return NoResult;
            case CredentialKind.Ambiguous:
                return RejectAsync(VerificationResult.Rejected(AuthenticationOutcome.Ambiguous, ApiKeyError.Ambiguous));
            case CredentialKind.Malformed:
                return RejectAsync(
                    VerificationResult.Rejected(AuthenticationOutcome.Malformed, ApiKeyError.Invalid),
                    services.DiagnosedFormats?.DescribeFault(credential.Secret));
            default:
                return LookUpAsync(credential.Secret, credential.Environment);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties? properties)
    {
        // An endpoint may challenge without authenticating first; the reason is known only afterwards.
        var authenticated = AuthenticateOnceAsync();
        await ((Task)authenticated).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (authenticated.IsCompletedSuccessfully && (await authenticated).Succeeded)
        {
            // Only the app itself challenges a valid key, as in Results.Challenge().
            _error = ApiKeyError.KeyNotAccepted;
        }

        var notes = ApiKeyRequestFeature.GetOrCreate(Context);
        var reported = GetReportedError(notes.ErrorWithoutKey);
        var refusal = services.Errors.GetReportedError(reported);
        if (!Events.IgnoresChallenge && await IsChallengeHandledAsync(properties, refusal))
        {
            return;
        }

        Response.StatusCode = refusal.StatusCode;
        if (refusal.StatusCode == StatusCodes.Status401Unauthorized)
        {
            var challenges = ReferenceEquals(_error, ApiKeyError.Missing) ? Options.Challenges : Options.InvalidChallenges;
            Response.Headers.Append(HeaderNames.WWWAuthenticate, challenges);
        }

        // Unfolded: whether a key was missing still matters there.
        notes.Reject(reported);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties? properties)
    {
        if (_error.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status503ServiceUnavailable)
        {
            // Another identity was refused; this scheme does not know yet what its own caller may do.
            await HandleChallengeAsync(properties);
            return;
        }

        var notes = ApiKeyRequestFeature.GetOrCreate(Context);
        var missing = notes.MissingScopes;
        var refusal = missing.Count == 0
            ? ApiKeyError.Forbidden
            : ApiKeyError.InsufficientScope(
                missing,
                ChallengeHeaders.WithInsufficientScope(Options.Challenges[0], missing),
                AuthenticatedKeys.GetAll(Context).Count == 0 ? "Access token" : "API key");
        var forbidden = new ApiKeyForbiddenContext(Context, Scheme, Options, properties ?? new AuthenticationProperties(), refusal);
        await Events.Forbidden(forbidden);
        if (forbidden.Handled)
        {
            notes.MissingScopes = [];
            return;
        }

        Response.StatusCode = refusal.StatusCode;
        notes.Reject(refusal);
    }

    private Task<AuthenticateResult> LookUpAsync(ReadOnlySpan<char> secret, string? environment)
    {
        var started = services.Clock.GetTimestamp();
        var lookup = services.Verifier.FindAsync(secret, started, Context);
        return lookup.IsCompletedSuccessfully
            ? VerifyAsync(lookup.Result, environment, started)
            : AwaitAsync(lookup, environment, started);
    }

    private async Task<AuthenticateResult> AwaitAsync(ValueTask<ApiKeyLookupResult> lookup, string? environment, long started) =>
        await VerifyAsync(await lookup, environment, started);

    private Task<AuthenticateResult> VerifyAsync(ApiKeyLookupResult lookup, string? environment, long started)
    {
        var verification = services.Verifier.Verify(lookup, environment, Context, Options);
        if (services.Metrics.IsVerificationMeasured)
        {
            services.Metrics.RecordVerification(services.Clock.GetElapsedTime(started));
        }

        return OwnerPermissionEvaluator.AppliesTo(verification) ? ApplyOwnerPermissionsAsync(verification) : CompleteAsync(verification);
    }

    private async Task<AuthenticateResult> ApplyOwnerPermissionsAsync(VerificationResult verification) =>
        await CompleteAsync(await services.Owners.ApplyAsync(verification, Context));

    private Task<AuthenticateResult> CompleteAsync(VerificationResult verification) =>
        verification.Error is null ? AcceptAsync(verification.Verified!, verification.VerifiedAt) : RejectAsync(verification);

    private Task<AuthenticateResult> AcceptAsync(VerifiedApiKey verified, long verifiedAt)
    {
        services.Metrics.RecordAuthentication(Scheme.Name, AuthenticationOutcome.Accepted);
        Log.KeyAccepted(services.Logger, Scheme.Name, verified.Key.Id);
        DeprecationHeaders.Apply(Context, verified);
        var identity = new ApiKeyIdentity(verified, Scheme.Name, verifiedAt);
        if (services.HasClaimsTransformation || !Events.IgnoresValidated)
        {
            // The app may build an identity of its own from this one, and must then find the claims and leave a trace of the key.
            identity.EnsureClaims();
            AuthenticatedKeysFeature.Add(Context, verified);
        }

        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), TicketProperties.Create(verified), Scheme.Name);
        return Events.IgnoresValidated
            ? Task.FromResult(AuthenticateResult.Success(ticket))
            : RaiseValidatedAsync(verified, ticket);
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

    /// <summary>The refusal by this scheme; a request without a key is refused by what the endpoint's other schemes made of it.</summary>
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

    private Task<AuthenticateResult> RejectAsync(VerificationResult verification, string? reason = null)
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

        return Events.IgnoresFailed ? Failed : RaiseAuthenticationFailedAsync(keyId);
    }

    private async Task<AuthenticateResult> RaiseAuthenticationFailedAsync(string? keyId)
    {
        await Events.AuthenticationFailed(
            new ApiKeyAuthenticationFailedContext(Context, Scheme, Options, services.Errors.GetReportedError(_error), keyId));
        return await Failed;
    }
}
