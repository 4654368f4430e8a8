using System.Text.Encodings.Web;
using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication;

/// <summary>Forwards to the key scheme or to the other bearer scheme, and gives the other scheme's bare 401 and 403 a reason.</summary>
internal sealed class BearerForwardingHandler(
    IOptionsMonitor<PolicySchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<ForwardingSchemes> forwarding)
    : PolicySchemeHandler(options, logger, encoder), IAuthenticationHandler
{
    private string KeyScheme => forwarding.Value.KeySchemes[Scheme.Name];

    /// <summary>Whether the other scheme is asked; the key scheme reports its refusals itself.</summary>
    private bool IsForwardedAway => !string.Equals(Options.ForwardDefaultSelector?.Invoke(Context), KeyScheme, StringComparison.Ordinal);

    async Task IAuthenticationHandler.ChallengeAsync(AuthenticationProperties? properties)
    {
        await ChallengeAsync(properties);
        if (IsForwardedAway && IsBare(StatusCodes.Status401Unauthorized) && Response.Headers.WWWAuthenticate.Count > 0)
        {
            RequestNotes.Of(Context).Refuse(await ReasonAsync());
        }
    }

    async Task IAuthenticationHandler.ForbidAsync(AuthenticationProperties? properties)
    {
        await ForbidAsync(properties);
        if (IsForwardedAway && IsBare(StatusCodes.Status403Forbidden))
        {
            var notes = RequestNotes.Of(Context);
            notes.Refuse(ApiKeyRefusal.ForbiddenToken(notes.MissingScopes));
        }
    }

    private bool IsBare(int status) => !Response.HasStarted && Response.StatusCode == status && Response is { ContentLength: null, ContentType: null };

    private async Task<ApiKeyRefusal> ReasonAsync()
    {
        var result = await AuthenticateAsync();
        return result.Succeeded ? ApiKeyRefusal.TokenNotAccepted
            : result.None && CredentialForwarding.KindOf(Context, KeyScheme) == CredentialKind.None ? ApiKeyRefusal.MissingCredentials
            : ApiKeyRefusal.InvalidToken;
    }
}
