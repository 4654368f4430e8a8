using System.Net.Http.Headers;
using System.Security.Claims;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Starts apps whose default scheme is not the key scheme, with endpoints that require the scope <c>a</c>.</summary>
internal static class MixedApp
{
    public static readonly string[] Paths =
        ["/minimal", "/group/minimal", "/policy", "/given", "/controller", "/hub/negotiate", "/api-keys"];

    /// <summary>
    /// Starts an app with the default scheme <c>cookie</c>, <c>jwt</c>, <c>forwarding</c>, <c>selector</c> or <c>none</c>.
    /// </summary>
    public static Task<TestApp> StartAsync(
        string scheme,
        Action<WebApplication>? map = null,
        Action<ApiKeyAuthOptions>? options = null,
        Action<IServiceCollection>? services = null) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/minimal", Who).RequireScope("a");
            web.MapGroup("/group").RequireScope("a").MapGet("/minimal", Who);
            web.MapGet("/policy", Who).RequireAuthorization("A");
            web.MapGet("/given", Who).RequireAuthorization(policy => policy.RequireScope("a"));
            web.MapControllers();
            web.MapHub<ScopedHub>("/hub");
            web.MapHub<MethodHub>("/methods");
            web.MapApiKeys().RequireKeyScopes();
            if (scheme != "none")
            {
                web.MapGet("/any", Who).RequireAuthorization();
            }

            web.MapGet("/tokens", Who).RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "Bearer" });
            web.MapGet("/sign-in", (HttpContext context, string scope) => context.SignInAsync("Cookies", new ClaimsPrincipal(
                new ClaimsIdentity([new Claim("scope", scope), new Claim("name", "user")], "Cookies", "name", null))));
            map?.Invoke(web);
        },
        options,
        keys => _ = scheme == "forwarding" ? keys.AddBearerForwarding("Bearer") : keys,
        builder =>
        {
            AddDefault(builder, scheme);
            builder.AddDataProtection().UseEphemeralDataProtectionProvider();
            builder.AddSignalR();
            builder.AddControllers().ConfigureApplicationPartManager(
                parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(ScopedController))));
            builder.AddAuthorizationBuilder().AddPolicy("A", policy => policy.RequireScope("a"));
            services?.Invoke(builder);
        });

    /// <summary>Sends a request like a browser or a program. The negotiation of a hub is a POST request.</summary>
    public static async Task<HttpResponseMessage> CallAsync(
        this TestApp app, string path, bool html = false, string? key = null, string? bearer = null, string? cookie = null)
    {
        var method = path.EndsWith("negotiate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", html ? "text/html,application/xhtml+xml,*/*;q=0.8" : "application/json, */*");
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        foreach (var (name, value) in new[] { ("X-API-Key", key), ("Cookie", cookie) }.Where(header => header.Item2 is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await app.Client.SendAsync(request);
    }

    /// <summary>Signs a user in and returns the cookie.</summary>
    public static async Task<string> SignInAsync(this TestApp app, string scope)
    {
        using var response = await app.GetAsync("/sign-in?scope=" + scope);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static string Who(HttpContext context) =>
        string.Join(' ', context.User.Identities.Select(identity => identity.AuthenticationType));

    private static void AddDefault(IServiceCollection services, string scheme)
    {
        var cookies = CookieAuthenticationDefaults.AuthenticationScheme;
        var authentication = scheme switch
        {
            "cookie" => services.AddAuthentication(cookies),
            "jwt" => services.AddAuthentication("Bearer"),
            "selector" => services.AddAuthentication("Selector").AddPolicyScheme("Selector", null, policy =>
                policy.ForwardDefaultSelector = context => context.Request.Headers.ContainsKey("X-API-Key") ? "ApiKey" : cookies),
            _ => services.AddAuthentication(),
        };
        authentication.AddCookie(cookies, cookie => (cookie.LoginPath, cookie.AccessDeniedPath) = ("/login", "/denied")).AddTestJwt();
    }

    [RequireScope("a")]
    public sealed class ScopedHub : Hub
    {
        public string? Who() => Context.User!.FindFirst("api_key_id")?.Value;
    }

    public sealed class MethodHub : Hub
    {
        [RequireScope("a")]
        public string? Who() => Context.User!.FindFirst("api_key_id")?.Value;
    }

    [NonController]
    [RequireScope("a")]
    public sealed class ScopedController : ControllerBase
    {
        [HttpGet("controller")]
        public string Get() => MixedApp.Who(HttpContext);
    }
}
