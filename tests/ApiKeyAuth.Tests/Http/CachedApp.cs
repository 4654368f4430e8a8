using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Http;

/// <summary>
/// Represents an app with a cache on either side of <c>UseApiKeyAuth()</c>, whose responses contain the tenant and the number of runs.
/// </summary>
internal static class CachedApp
{
    public const string Anonymous = "anonymous";

    private static int _runs;

    public static Task<TestApp> StartAsync(
        Action<WebApplication> use,
        bool isInFront,
        bool readsQuery = false,
        Action<RouteHandlerBuilder>? endpoint = null,
        Action<IServiceCollection>? before = null,
        Action<IServiceCollection>? after = null) => TestApp.StartAsync(
        web =>
        {
            if (!isInFront)
            {
                use(web);
            }

            Map(web, endpoint ?? (_ => { }));
        },
        keys: keys =>
        {
            if (readsQuery)
            {
                keys.AddScheme(ApiKeyDefaults.AuthenticationScheme, scheme => scheme.UnsafeQueryParameter = "api_key");
            }

            after?.Invoke(keys.Services);
        },
        services: services =>
        {
            before?.Invoke(services);
            services.AddControllers().ConfigureApplicationPartManager(
                parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(CachedController))));
        },
        before: web =>
        {
            if (isInFront)
            {
                use(web);
            }
        });

    public static Task<string> IssueAsync(TestApp app, string tenant) => app.IssueAsync(key => key with { TenantId = tenant });

    /// <summary>Sends a request with a key in one of the sources and returns the status, the tenant and the run.</summary>
    public static async Task<(int Status, string Tenant, string Run)> CallAsync(TestApp app, string path, string source, string? key)
    {
        using var response = await ((source, key) switch
        {
            (_, null) => app.GetAsync(path),
            ("header", _) => app.GetAsync(path, key),
            ("bearer", _) => app.GetAsync(path, bearer: key),
            _ => app.GetAsync($"{path}?api_key={key}"),
        });
        var body = (await response.BodyAsync()).Split('#');
        return ((int)response.StatusCode, body[0], body is [_, var run] ? run : "");
    }

    public static string Write(HttpContext context, string? vary)
    {
        context.Response.Headers.CacheControl = "public, max-age=60";
        if (vary is not null)
        {
            context.Response.Headers.Vary = vary;
        }

        return Body(context.User);
    }

    private static string Body(ClaimsPrincipal user) =>
        $"{user.FindFirst(ApiKeyClaimTypes.TenantId)?.Value ?? Anonymous}#{Interlocked.Increment(ref _runs)}";

    private static void Map(WebApplication web, Action<RouteHandlerBuilder> endpoint)
    {
        endpoint(web.MapGet("/closed", (HttpContext context) => Write(context, null)).RequireAuthorization());
        endpoint(web.MapGet("/open", (HttpContext context) => Write(context, null)));
        endpoint(web.MapGet("/vary", (HttpContext context) => Write(context, "Accept")));
        endpoint(web.MapGet("/allows", (HttpContext context) => Write(context, null)).RequireAuthorization().AllowAnonymous());
        endpoint(web.MapGet("/asks", async (HttpContext context) =>
        {
            var result = await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.AuthenticateAsync(context, "ApiKey");
            context.User = result.Principal ?? new ClaimsPrincipal();
            return Write(context, null);
        }));
        web.MapControllers();
    }

    [NonController]
    public sealed class CachedController : ControllerBase
    {
        [HttpGet("controller")]
        [ResponseCache(Duration = 60)]
        public string Get() => Body(User);

        [HttpGet("closed-controller")]
        [Authorize]
        [ResponseCache(Duration = 60, VaryByHeader = "Accept")]
        public string GetClosed() => Body(User);
    }
}
