using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

/// <summary>
/// Signs in the first person who opens the link that the app prints in Development. Replace it with the sign-in of your app.
/// </summary>
public sealed class DashboardSignIn
{
    private const string Path = "/keys";
    private const string Scheme = "DashboardLink";

    private string? _token = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Gets the path and the query of the link, which works once.</summary>
    public string Link => $"{Path}/sign-in?token={_token}";

    /// <summary>Adds a cookie that only the dashboard accepts, and lets its user manage all keys.</summary>
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<DashboardSignIn>();

        // The sign-in ends with the process.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme)
            .AddCookie(Scheme, options => options.LoginPath = $"{Path}/sign-in");
        services.PostConfigure<ApiKeyAuthOptions>(options =>
        {
            var (managesOthers, mayGrant) = (options.Management.ManagesOthers, options.Management.MayGrant);
            options.Management.ManagesOthers = user => IsSignedIn(user) || managesOthers(user);
            options.Management.MayGrant = (user, scope) => IsSignedIn(user) || mayGrant(user, scope);
        });
    }

    /// <summary>Maps the dashboard and the address of the link.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet($"{Path}/sign-in", (HttpContext context, DashboardSignIn signIn, string? token) =>
            signIn.SignInAsync(context, token));
        app.MapApiKeyDashboard(Path, options => options.TestRequestPath = "/orders")
            .RequireAuthorization(new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build());
    }

    private static bool IsSignedIn(ClaimsPrincipal user) => user.Identities.Any(identity => identity.AuthenticationType == Scheme);

    private async Task<IResult> SignInAsync(HttpContext context, string? token)
    {
        context.Response.Headers.CacheControl = "no-store";
        var expected = Volatile.Read(ref _token);
        if (expected is null || token is null
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(expected))
            || Interlocked.CompareExchange(ref _token, null, expected) != expected)
        {
            return Results.Text(
                "Open the link that the app printed. It works once; start the app again to get another one.",
                statusCode: StatusCodes.Status403Forbidden);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "developer")], Scheme);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        return Results.Redirect(Path);
    }
}
