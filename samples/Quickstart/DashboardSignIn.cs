using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Net.Http.Headers;

namespace Samples;

/// <summary>Signs in the first person who opens the link that the app prints, because the Quickstart has no users of its own.</summary>
internal sealed class DashboardSignIn
{
    private const string Scheme = "DashboardLink";
    private const string Path = "/keys";

    private byte[]? _token = RandomNumberGenerator.GetBytes(32);

    /// <summary>Adds a cookie that only the dashboard accepts, and lets its user manage all keys.</summary>
    public static void AddServices(WebApplicationBuilder builder)
    {
        // The sign-in ends with the process, so its keys need not be stored.
        builder.Services.AddDataProtection().AddKeyManagementOptions(options => options.XmlRepository = new KeysInMemory());
        builder.Services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme)
            .AddCookie(Scheme, options => options.LoginPath = $"{Path}/sign-in");
        builder.Services.Configure<ApiKeyAuthOptions>(options =>
        {
            options.Management.ManagesOthers = IsSignedIn;
            options.Management.MayGrant = (user, _) => IsSignedIn(user);
        });
    }

    /// <summary>Maps the dashboard and the address of the link.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet($"{Path}/sign-in", SignInAsync);
        app.MapApiKeyDashboard(Path, options => options.TestRequestPath = "/protected")
            .RequireAuthorization(new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build());
    }

    public string GetLink(WebApplication app) => $"{app.Urls.First()}{Path}/sign-in?token={Convert.ToHexStringLower(_token ?? [])}";

    private static bool IsSignedIn(ClaimsPrincipal user) => user.Identities.Any(identity => identity.AuthenticationType == Scheme);

    private async Task<IResult> SignInAsync(HttpContext context, string? token)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        var expected = Volatile.Read(ref _token);
        if (expected is null || token is null
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token), GetText(expected))
            || Interlocked.CompareExchange(ref _token, null, expected) != expected)
        {
            return Results.Text(
                "Open the link that the app printed. It works once; start the app again to get another one.", statusCode: 403);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "developer")], Scheme);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        return Results.Redirect(Path);
    }

    private static byte[] GetText(byte[] token) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(token));
}
