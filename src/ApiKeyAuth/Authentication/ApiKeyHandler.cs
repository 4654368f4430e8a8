using System.Security.Claims;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication;

/// <summary>Turns a request into a principal: reads the credential, hashes it, looks it up, judges it. It refuses by recording why.</summary>
internal sealed class ApiKeyHandler(ApiKeyHandlerServices services) : SchemeHandler(services.Options)
{
    private static readonly Task<AuthenticateResult> NoResult = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> Failed = Task.FromResult(AuthenticateResult.Fail("The API key was refused."));

    private ApiKeyRefusal _refusal = ApiKeyRefusal.Missing;

    private HttpRequest Request => Context.Request;

    private HttpResponse Response => Context.Response;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credential = services.Reader.Read(Request, Options);
        CacheMarks.Set(Context, Options, credential, services.Caching);
        switch (credential.Kind)
        {
            case CredentialKind.None:
                return NoResult;
            case CredentialKind.Foreign:
                _refusal = ApiKeyRefusal.Foreign;
                return NoResult;
            case CredentialKind.Ambiguous:
                return RefuseAsync(Verification.Refused(KeyOutcome.Ambiguous, ApiKeyRefusal.Ambiguous));
            case CredentialKind.Malformed:
                return RefuseAsync(Verification.Refused(KeyOutcome.Malformed, ApiKeyRefusal.Invalid));
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
            _refusal = ApiKeyRefusal.KeyNotAccepted;
        }

        var notes = RequestNotes.Of(Context);
        var reported = Reported(notes.WithoutKey);
        var refusal = services.Errors.Fold(reported);
        if (!Events.IgnoresChallenge && await IsChallengeHandledAsync(properties, refusal))
        {
            return;
        }

        Response.StatusCode = refusal.Status;
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            var value = ReferenceEquals(_refusal, ApiKeyRefusal.Missing) ? Options.Challenge : Options.InvalidChallenge;
            Response.Headers.Append(HeaderNames.WWWAuthenticate, value);
        }

        // Unfolded: whether a key was missing still matters there.
        notes.Refuse(reported);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties? properties)
    {
        if (_refusal.Status is StatusCodes.Status400BadRequest or StatusCodes.Status503ServiceUnavailable)
        {
            // Another identity was refused; this scheme does not know yet what its own caller may do.
            await HandleChallengeAsync(properties);
            return;
        }

        var notes = RequestNotes.Of(Context);
        var missing = notes.MissingScopes;
        var refusal = missing.Count == 0
            ? ApiKeyRefusal.Forbidden
            : ApiKeyRefusal.InsufficientScope(
                missing, Challenges.InsufficientScope(Options.Challenge, missing), AuthenticatedKeys.Of(Context).Count == 0 ? "Access token" : "API key");
        var forbidden = new ApiKeyForbiddenContext(Context, Scheme, Options, properties ?? new AuthenticationProperties(), refusal);
        await Events.Forbidden(forbidden);
        if (forbidden.Handled)
        {
            notes.MissingScopes = [];
            return;
        }

        Response.StatusCode = refusal.Status;
        notes.Refuse(refusal);
    }

    private Task<AuthenticateResult> LookUpAsync(ReadOnlySpan<char> secret, string? environment)
    {
        var started = services.Clock.GetTimestamp();
        var lookup = services.Verifier.FindAsync(secret, started, Context);
        return lookup.IsCompletedSuccessfully
            ? JudgeAsync(lookup.Result, environment, started)
            : AwaitAsync(lookup, environment, started);
    }

    private async Task<AuthenticateResult> AwaitAsync(ValueTask<ApiKeyLookup> lookup, string? environment, long started) =>
        await JudgeAsync(await lookup, environment, started);

    private Task<AuthenticateResult> JudgeAsync(ApiKeyLookup lookup, string? environment, long started)
    {
        var verification = services.Verifier.Verify(lookup, environment, Context, Options);
        if (services.Metrics.MeasuresVerification)
        {
            services.Metrics.Verified(services.Clock.GetElapsedTime(started));
        }

        return OwnerPermissions.Concern(verification) ? AskOwnerAsync(verification) : DecideAsync(verification);
    }

    private async Task<AuthenticateResult> AskOwnerAsync(Verification verification) =>
        await DecideAsync(await services.Owners.ApplyAsync(verification, Context));

    private Task<AuthenticateResult> DecideAsync(Verification verification) =>
        verification.Refusal is null ? AcceptAsync(verification.Verified!, verification.At) : RefuseAsync(verification);

    private Task<AuthenticateResult> AcceptAsync(VerifiedApiKey verified, long at)
    {
        services.Metrics.Authenticated(Scheme.Name, KeyOutcome.Accepted);
        Log.KeyAccepted(services.Logger, Scheme.Name, verified.Key.Id);
        RetirementHeaders.Note(Context, verified);
        var identity = new ApiKeyIdentity(verified, Scheme.Name, at);
        if (services.HasClaimsTransformation || !Events.IgnoresValidated)
        {
            // The app may build an identity of its own from this one, and must then find the claims and leave a trace of the key.
            identity.MakeClaims();
            AuthenticatedKeysFeature.Add(Context, verified);
        }

        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), TicketProperties.Of(verified), Scheme.Name);
        return Events.IgnoresValidated
            ? Task.FromResult(AuthenticateResult.Success(ticket))
            : AskAppAsync(verified, ticket);
    }

    private async Task<AuthenticateResult> AskAppAsync(VerifiedApiKey verified, AuthenticationTicket ticket)
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
            : await RefuseAsync(Verification.Refused(KeyOutcome.RefusedByEvent, ApiKeyRefusal.Invalid, verified));
    }

    /// <summary>The refusal by this scheme; a request without a key is refused by what the endpoint's other schemes made of it.</summary>
    private ApiKeyRefusal Reported(ApiKeyRefusal? withoutKey) =>
        ReferenceEquals(_refusal, ApiKeyRefusal.Missing) ? withoutKey ?? _refusal
        : ReferenceEquals(_refusal, ApiKeyRefusal.Foreign) && ReferenceEquals(withoutKey, ApiKeyRefusal.InvalidToken) ? withoutKey
        : _refusal;

    private async Task<bool> IsChallengeHandledAsync(AuthenticationProperties? properties, ApiKeyRefusal refusal)
    {
        var challenge = new ApiKeyChallengeContext(Context, Scheme, Options, properties ?? new AuthenticationProperties(), refusal);
        await Events.Challenge(challenge);
        return challenge.Handled;
    }

    private Task<AuthenticateResult> RefuseAsync(Verification verification)
    {
        _refusal = verification.Refusal!;
        var keyId = verification.Verified?.Key.Id;
        if (verification.Verified is { } known)
        {
            RequestNotes.Of(Context).RefuseKey(known, _refusal.Code);
        }

        services.Metrics.Authenticated(Scheme.Name, verification.Outcome);
        if (keyId is null)
        {
            Log.UnknownKeyRefused(services.Logger, services.RefusalLevel, Scheme.Name, verification.Outcome);
        }
        else
        {
            Log.KeyRefused(services.Logger, services.RefusalLevel, Scheme.Name, keyId, verification.Outcome);
        }

        if (_refusal.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            RequestNotes.Of(Context).KeyRefused = true;
        }

        return Events.IgnoresFailed ? Failed : TellFailedAsync(keyId);
    }

    private async Task<AuthenticateResult> TellFailedAsync(string? keyId)
    {
        await Events.AuthenticationFailed(new ApiKeyFailedContext(Context, Scheme, Options, services.Errors.Fold(_refusal), keyId));
        return await Failed;
    }
}
