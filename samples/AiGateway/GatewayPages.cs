using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Dashboard;
using Samples;

namespace AiGateway;

/// <summary>Maps the pages of an owner who is signed in: the list of gateways, and the tab of each with its tokens.</summary>
internal static class GatewayPages
{
    public const string Path = "/gateways";

    private const string Pattern = $"{Path}/{{gateway}}/tokens";

    public static void MapGatewayPages(this WebApplication app, DashboardSignIn signIn)
    {
        signIn.Map(app, Configure, Pattern);
        if (app.Environment.IsDevelopment())
        {
            app.MapGet(Path, List).RequireAuthorization(DashboardSignIn.SignedIn);
        }
    }

    private static void Configure(ApiKeyDashboardOptions options)
    {
        options.Noun = ApiKeyDashboardNoun.Token;
        options.Title = "Authentication token";
        options.Columns = ApiKeyDashboardColumns.Created | ApiKeyDashboardColumns.LastUsed;
        options.Fields = ApiKeyDashboardFields.Expiration;
        options.ReturnPath = Path;
        options.TestRequestPath = Models.Path;
        options.CallerSelector = LimitToGateway;
    }

    // A gateway of another owner is refused like one that does not exist.
    private static ApiKeyCaller? LimitToGateway(HttpContext context, ApiKeyCaller caller) =>
        context.RequestServices.GetRequiredService<Gateways>().LimitToGateway(caller, $"{context.GetRouteValue("gateway")}");

    private static IResult List(HttpContext context, Gateways gateways)
    {
        var tabs = gateways.OwnedBy(context.GetApiKeyCaller()?.TenantId).Select(gateway => $"""
            <li>{WebUtility.HtmlEncode(gateway)}: <a href="{Path}/{Uri.EscapeDataString(gateway)}/tokens">Authentication token</a></li>
            """);
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        return Results.Content($"""
            <!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>AI Gateway</title></head><body><h1>AI Gateway</h1><ul>{string.Concat(tabs)}</ul></body></html>
            """, "text/html; charset=utf-8");
    }
}
