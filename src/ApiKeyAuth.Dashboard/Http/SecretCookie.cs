using System.Security.Cryptography;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Http;

/// <summary>Carries a new secret from the form to the page that shows it once.</summary>
/// <remarks>
/// The browser is redirected after the form, so that a reload does not create another key. The secret is encrypted, readable only for the
/// user who created it, expires after two minutes and is removed when the page is shown. Unlike memory of the server, it also works if
/// another node handles the next request.
/// </remarks>
internal sealed class SecretCookie(IDataProtectionProvider provider)
{
    private const string Name = "ApiKeyAuth.Secret";
    private const char Separator = '\n';

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly ITimeLimitedDataProtector _protector =
        provider.CreateProtector("ApiKeyAuth.Dashboard.SecretCookie").ToTimeLimitedDataProtector();

    public void Write(DashboardRequest request, IssuedApiKey issued)
    {
        var text = string.Join(Separator, request.Caller.Actor, issued.Key.Id, issued.Secret);
        request.Context.Response.Cookies.Append(Name, _protector.Protect(text, Lifetime), CreateOptions(request, Lifetime));
    }

    /// <summary>Reads and removes the secret of a key, or returns null if there is none.</summary>
    public string? Take(DashboardRequest request, string keyId)
    {
        if (request.Context.Request.Cookies[Name] is not { Length: > 0 } cookie)
        {
            return null;
        }

        request.Context.Response.Cookies.Append(Name, "", CreateOptions(request, TimeSpan.Zero));
        try
        {
            var parts = _protector.Unprotect(cookie).Split(Separator);
            return parts is [var actor, var id, var secret] && actor == request.Caller.Actor && id == keyId ? secret : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions CreateOptions(DashboardRequest request, TimeSpan maxAge) => new()
    {
        Path = request.Link(),
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.Context.Request.IsHttps,
        MaxAge = maxAge,
    };
}
