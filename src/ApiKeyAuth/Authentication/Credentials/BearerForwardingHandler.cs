using System.Text.Encodings.Web;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Forwards requests to the key scheme or to the other bearer scheme. Adds an error to the 401 and 403 responses of the other scheme that
/// have no body.
/// </summary>
internal sealed class BearerForwardingHandler(
    IOptionsMonitor<PolicySchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<ForwardingSchemes> forwarding)
    : PolicySchemeHandler(options, logger, encoder), IAuthenticationHandler
{
    private string KeyScheme => forwarding.Value.KeySchemes[Scheme.Name];

    /// <summary>
    /// Gets a value indicating whether the request is forwarded to the other scheme. The key scheme reports its own errors.
    /// </summary>
    private bool IsForwardedToOtherScheme =>
        !string.Equals(Options.ForwardDefaultSelector?.Invoke(Context), KeyScheme, StringComparison.Ordinal);

    async Task<AuthenticateResult> IAuthenticationHandler.AuthenticateAsync()
    {
        await ReceivedCredentials.ReceiveAsync(Context, KeyScheme);
        return await AuthenticateAsync();
    }

    async Task IAuthenticationHandler.ChallengeAsync(AuthenticationProperties? properties)
    {
        await ReceivedCredentials.ReceiveAsync(Context, KeyScheme);
        await ChallengeAsync(properties);
        if (IsForwardedToOtherScheme && IsEmptyResponse(StatusCodes.Status401Unauthorized) && Response.Headers.WWWAuthenticate.Count > 0)
        {
            ApiKeyRequestFeature.GetOrCreate(Context).Reject(await GetErrorAsync());
        }
    }

    async Task IAuthenticationHandler.ForbidAsync(AuthenticationProperties? properties)
    {
        await ReceivedCredentials.ReceiveAsync(Context, KeyScheme);
        await ForbidAsync(properties);
        if (IsForwardedToOtherScheme && IsEmptyResponse(StatusCodes.Status403Forbidden))
        {
            var notes = ApiKeyRequestFeature.GetOrCreate(Context);
            notes.Reject(ApiKeyError.ForbiddenToken(notes.MissingScopes));
        }
    }

    private bool IsEmptyResponse(int status) =>
        !Response.HasStarted && Response.StatusCode == status && Response is { ContentLength: null, ContentType: null };

    private async Task<ApiKeyError> GetErrorAsync()
    {
        var result = await AuthenticateAsync();
        return result.Succeeded ? ApiKeyError.TokenNotAccepted
            : result.None
                && CredentialForwarding.GetCredentialKind(Context, KeyScheme) == CredentialKind.None ? ApiKeyError.MissingCredentials
            : ApiKeyError.InvalidToken;
    }
}
