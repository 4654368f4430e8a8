using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using ApiKeyAuth;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Dashboard;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Net.Http.Headers;

namespace Samples;

/// <summary>
/// Signs in the first person who opens the link that the sample prints, in Development only, because the sample has no users of its own.
/// A real app has a sign-in page.
/// </summary>
internal sealed class DashboardSignIn(string path, string? tenant = null)
{
    private const string Scheme = "DashboardLink";

    /// <summary>The policy of pages for the person who is signed in. It is available in Development only.</summary>
    public static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build();

    private byte[]? _token = RandomNumberGenerator.GetBytes(32);

    /// <summary>Adds a cookie that only the dashboard accepts, and lets its user manage all keys of the tenant.</summary>
    /// <param name="builder">The builder of the app.</param>
    /// <param name="defaultScheme">The scheme of endpoints that name none, if the app has had only one scheme.</param>
    public void AddServices(WebApplicationBuilder builder, string? defaultScheme = null)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return;
        }

        // The sign-in ends with the process, so its keys need not be stored.
        builder.Services.AddDataProtection().AddKeyManagementOptions(options => options.XmlRepository = new KeysInMemory());
        builder.Services.AddAuthentication(options => options.DefaultScheme ??= defaultScheme)
            .AddCookie(Scheme, options => options.LoginPath = $"{path}/sign-in");
        builder.Services.PostConfigure<ApiKeyAuthOptions>(options =>
        {
            var (managesOthers, mayGrant) = (options.Management.ManagesOthers, options.Management.MayGrant);
            options.Management.ManagesOthers = user => IsSignedIn(user) || managesOthers(user);
            options.Management.MayGrant = (user, scope) => IsSignedIn(user) || mayGrant(user, scope);
        });
    }

    /// <summary>Maps the dashboard and the address of the link, which leads to the path of the dashboard or to a page above it.</summary>
    public void Map(WebApplication app, Action<ApiKeyDashboardOptions> configure, string? pattern = null)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        app.MapGet($"{path}/sign-in", SignInAsync);
        app.MapApiKeyDashboard(pattern ?? path, configure).RequireAuthorization(SignedIn);
    }

    public void Print(WebApplication app) => Console.WriteLine(
        $"Open the dashboard once with this link: {app.Urls.First()}{path}/sign-in?token={GetText(_token ?? [])}\n");

    private static bool IsSignedIn(ClaimsPrincipal user) => user.Identities.Any(identity => identity.AuthenticationType == Scheme);

    private static string GetText(byte[] token) => Convert.ToHexStringLower(token);

    private async Task<IResult> SignInAsync(HttpContext context, string? token)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        var expected = Volatile.Read(ref _token);
        if (expected is null || token is null
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token), Encoding.ASCII.GetBytes(GetText(expected)))
            || Interlocked.CompareExchange(ref _token, null, expected) != expected)
        {
            return Results.Text(
                "Open the link that the app printed. It works once; start the app again to get another one.", statusCode: 403);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "developer")], Scheme);
        if (tenant is not null)
        {
            identity.AddClaim(new Claim(ApiKeyClaimTypes.TenantId, tenant));
        }

        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        return Results.Redirect(path);
    }

    private sealed class KeysInMemory : IXmlRepository
    {
        private readonly ConcurrentQueue<XElement> _elements = new();

        public IReadOnlyCollection<XElement> GetAllElements() => [.. _elements];

        public void StoreElement(XElement element, string friendlyName) => _elements.Enqueue(element);
    }
}
