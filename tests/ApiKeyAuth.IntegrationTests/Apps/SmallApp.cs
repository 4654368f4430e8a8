using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Apps;

/// <summary>Represents an app with two schemes, a pepper, a custom format and no catalog.</summary>
internal sealed class SmallApp : WebApplicationFactory<SmallApp>
{
    protected override IHostBuilder CreateHostBuilder() => Host.CreateDefaultBuilder().ConfigureWebHostDefaults(web => web
        .ConfigureServices(services =>
        {
            services.AddRouting();
            services.AddApiKeyAuth(options =>
                {
                    options.Format = new() { Prefix = "twyn", Encoding = ApiKeyEncoding.Hex };
                    options.Peppers.Add(new("2026", new byte[32]));
                })
                .AddScheme("Agent", scheme => (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-Agent-Token"]))
                .AddScheme("Partner", scheme =>
                {
                    scheme.Headers = [];
                    scheme.Environments.Add("test");
                })
                .AddScheme("Link", scheme => (scheme.AuthorizationSchemes, scheme.Headers, scheme.UnsafeQueryParameter) = ([], [], "key"));
        })
        .Configure(app => app.UseRouting().UseApiKeyAuth().UseEndpoints(endpoints =>
        {
            endpoints.MapGet("/agent", Describe)
                .RequireAuthorization(new RequireScopeAttribute("leads:read") { AuthenticationSchemes = "Agent" });
            endpoints.MapGet("/partner", Describe)
                .RequireAuthorization(new RequireScopeAttribute("leads:read") { AuthenticationSchemes = "Partner" });
        })));

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseContentRoot(AppContext.BaseDirectory);

    private static string Describe(HttpContext context) => string.Join(
        '|',
        context.User.FindFirstValue(ApiKeyClaimTypes.TenantId),
        context.User.FindFirstValue(ApiKeyClaimTypes.OwnerId),
        context.User.FindFirstValue(ApiKeyClaimTypes.Environment),
        context.Request.Headers.ContainsKey("X-Agent-Token"),
        context.Request.Headers.Authorization.ToString().StartsWith("Bearer twyn_", StringComparison.Ordinal));
}
