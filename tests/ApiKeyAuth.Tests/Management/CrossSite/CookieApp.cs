using System.Security.Claims;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Management.CrossSite;

/// <summary>Represents an app whose users sign in with a cookie, a token or both and manage keys. It has one key, <c>key1</c>.</summary>
internal sealed class CookieApp(ManagedApp app) : IAsyncDisposable
{
    public const string Session = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string Derived = "Derived";
    public const string Either = "Either";
    public const string TokenInCookie = "TokenInCookie";
    public const string OwnCookie = "OwnCookie";
    public const string Jwt = JwtBearerDefaults.AuthenticationScheme;

    public ManagedApp App { get; } = app;

    /// <summary>Gets every endpoint that changes something for a caller, with <c>key1</c> as the ID.</summary>
    public IEnumerable<(HttpMethod Method, string Path)> Unsafe =>
        from endpoint in App.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{id}", "key1", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where path.StartsWith("/api-keys", StringComparison.Ordinal) && method is not "GET" && path != "/api-keys/revoke-leaked"
        select (HttpMethod.Parse(method), path);

    /// <summary>Starts an app whose management endpoints accept some schemes.</summary>
    public static Task<CookieApp> StartAsync(bool hasAntiforgery, params string[] schemes) =>
        StartAsync(hasAntiforgery, scope: null, schemes);

    /// <summary>Starts an app whose policy requires a scope, which determines who acts. Signed-in users do not have it.</summary>
    public static Task<CookieApp> StartWithScopeAsync(string scope, params string[] schemes) =>
        StartAsync(hasAntiforgery: true, scope, schemes);

    private static async Task<CookieApp> StartAsync(bool hasAntiforgery, string? scope, string[] schemes)
    {
        var app = await ManagedApp.StartAsync(
            options =>
            {
                options.Management.MayGrant = (_, _) => true;
                options.Management.ManagesOthers = _ => true;
                options.Management.MayCrossTenants = _ => true;
            },
            services => AddServices(services, hasAntiforgery),
            policies: mapped =>
            {
                foreach (var part in new[] { mapped.Read, mapped.Write, mapped.Verify })
                {
                    part.RequireAuthorization(policy =>
                    {
                        policy.AddAuthenticationSchemes(schemes).RequireAuthenticatedUser();
                        _ = scope is null ? policy : policy.RequireScope(scope);
                    });
                }
            },
            endpoints: web =>
            {
                web.MapGet("/sign-in/{scheme}", (string scheme) => Results.SignIn(User(), authenticationScheme: scheme));
                web.MapGet("/antiforgery/{scheme}", async (HttpContext context, string scheme) =>
                {
                    context.User = (await context.AuthenticateAsync(scheme)).Principal!;
                    return context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken;
                });
            });
        await app.App.IssueAsync();
        return new CookieApp(app);
    }

    /// <summary>Signs in with a scheme, and returns the cookie.</summary>
    public async Task<string> SignInAsync(string scheme)
    {
        using var answer = await App.App.GetAsync($"/sign-in/{scheme}");
        return Cookie(answer);
    }

    /// <summary>Gets an antiforgery token for a signed-in user, and all cookies to send with it.</summary>
    public async Task<(string Token, string Cookies)> TokenAsync(string scheme, string cookie)
    {
        using var answer = await App.App.SendAsync($"/antiforgery/{scheme}", ("Cookie", cookie));
        return (await answer.BodyAsync(), $"{cookie}; {Cookie(answer)}");
    }

    /// <summary>Sends a request without a body, and returns the status and the message of the error.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            Assert.That(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var answer = await App.App.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.BodyAsync());
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static string Cookie(HttpResponseMessage answer) => answer.Lines("Set-Cookie").Single().Split(';')[0];

    private static ClaimsPrincipal User() => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "u1")], "signed-in"));

    private static void AddServices(IServiceCollection services, bool hasAntiforgery)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        if (hasAntiforgery)
        {
            services.AddAntiforgery();
        }

        services.AddAuthentication().AddTestJwt()
            .AddCookie(Session, cookie => cookie.Cookie.Name = Session)
            .AddScheme<CookieAuthenticationOptions, DerivedHandler>(Derived, cookie => cookie.Cookie.Name = Derived)
            .AddScheme<AuthenticationSchemeOptions, OwnCookieHandler>(OwnCookie, null)
            .AddPolicyScheme(Either, null, either =>
                either.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0 ? Jwt : Session)
            .AddJwtBearer(TokenInCookie, null, jwt => jwt.Events = new JwtBearerEvents
            {
                OnMessageReceived = message =>
                {
                    message.Token = message.Request.Cookies["jwt"];
                    return Task.CompletedTask;
                },
            });
        services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>>(provider => new SameParameters(provider));
    }

    private sealed class SameParameters(IServiceProvider services) : IPostConfigureOptions<JwtBearerOptions>
    {
        public void PostConfigure(string? name, JwtBearerOptions options)
        {
            if (name == TokenInCookie)
            {
                var jwt = services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Jwt);
                options.TokenValidationParameters = jwt.TokenValidationParameters;
            }
        }
    }

    private sealed class DerivedHandler(
        IOptionsMonitor<CookieAuthenticationOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : CookieAuthenticationHandler(options, logger, encoder);

    /// <summary>Represents an authentication handler of an app that reads the name of the user from a cookie.</summary>
    private sealed class OwnCookieHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Cookies.ContainsKey("own")
            ? AuthenticateResult.Success(new AuthenticationTicket(User(), Scheme.Name))
            : AuthenticateResult.NoResult());
    }
}
