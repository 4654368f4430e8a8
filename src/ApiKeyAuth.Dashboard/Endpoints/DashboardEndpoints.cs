using ApiKeyAuth.Dashboard.Assets;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Maps the pages. All pass the same checks before they run.</summary>
internal static class DashboardEndpoints
{
    public static RouteGroupBuilder Map(RouteGroupBuilder group, string pattern, ApiKeyDashboardOptions options)
    {
        group.WithMetadata(new DashboardMetadata(pattern, options));
        group.MapGet("/assets/{file}", SendAssetAsync);
        Get("", KeyListEndpoint.GetAsync);
        Get("/overview", OverviewEndpoint.GetAsync);
        Get("/audit", AuditEndpoint.GetAsync);
        Get("/audit.csv", AuditEndpoint.GetCsvAsync);
        Get("/key/{id}", KeyEndpoint.GetAsync);
        Get("/key/{id}/first-use", SecretEndpoint.GetFirstUseAsync);
        Change("/new", CreateEndpoint.GetAsync, CreateEndpoint.PostAsync);
        Change("/bulk", BulkEndpoint.GetAsync, BulkEndpoint.PostAsync);
        Change("/key/{id}/edit", EditEndpoint.GetAsync, EditEndpoint.PostAsync);
        Change("/key/{id}/rotate", RotateEndpoint.GetAsync, RotateEndpoint.PostAsync);
        Change("/key/{id}/revoke", RevokeEndpoint.GetAsync, RevokeEndpoint.PostAsync);
        Change("/key/{id}/delete", DeleteEndpoint.GetAsync, DeleteEndpoint.PostAsync);
        Change("/key/{id}/secret", SecretEndpoint.GetAsync, null);
        Change("/key/{id}/disable", KeyEndpoint.RedirectAsync, EnabledEndpoint.DisableAsync);
        Change("/key/{id}/enable", KeyEndpoint.RedirectAsync, EnabledEndpoint.EnableAsync);
        Change("/key/{id}/narrow", KeyEndpoint.RedirectAsync, EditEndpoint.NarrowAsync);
        Change("/key/{id}/rotate/complete", KeyEndpoint.RedirectAsync, RotateEndpoint.CompleteAsync);
        Change("/key/{id}/rotate/cancel", KeyEndpoint.RedirectAsync, RotateEndpoint.CancelAsync);
        Change("/key/{id}/alerts", AlertsEndpoint.GetAsync, AlertsEndpoint.PostAsync);
        Change("/alerts/test", AlertsEndpoint.RedirectAsync, AlertsEndpoint.TestAsync);
        Change("/alerts", AlertsEndpoint.GetAsync, AlertsEndpoint.PostAsync);
        return group;

        void Get(string path, Func<DashboardRequest, Task<IResult>> handler) =>
            group.MapGet(path, context => RunAsync(context, options, path, handler, changes: false));

        void Change(
            string path, Func<DashboardRequest, Task<IResult>>? get, Func<DashboardRequest, Task<IResult>>? post)
        {
            if (get is not null)
            {
                group.MapGet(path, context => RunAsync(context, options, path, get, changes: true));
            }

            if (post is not null)
            {
                group.MapPost(path, context => RunAsync(context, options, path, post, changes: true));
            }
        }
    }

    private static async Task RunAsync(
        HttpContext context, ApiKeyDashboardOptions options, string path, Func<DashboardRequest, Task<IResult>> handler, bool changes)
    {
        var request = context.RequestServices.GetRequiredService<DashboardRequest>();
        request.Initialize(context, options, path.Count(character => character == '/'));
        SecurityHeaders.Apply(context, request.Texts.Language);
        var result =
            request.CallerOrNull is null ? PageResults.Forbidden(request, request.Texts["error.noCaller"])
            : changes && !request.CanWrite ? PageResults.Forbidden(request, request.Texts["error.readOnly"])
            : HttpMethods.IsPost(context.Request.Method) && !await CrossSitePosts.IsOwnAsync(context)
                ? PageResults.Forbidden(request, request.Texts["error.crossSite"])
            : await handler(request);
        await result.ExecuteAsync(context);
    }

    private static async Task SendAssetAsync(HttpContext context)
    {
        if (DashboardAsset.Find(context.GetRouteValue("file")?.ToString()) is not { } asset)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        SecurityHeaders.ApplyToAsset(context);
        context.Response.ContentType = asset.ContentType;
        context.Response.Headers.Vary = "Accept-Encoding";
        var isCompressed = context.Request.GetTypedHeaders().AcceptEncoding.Any(item => item.Value == "br" && item.Quality is not 0);
        if (isCompressed)
        {
            context.Response.Headers.ContentEncoding = "br";
        }

        var body = isCompressed ? asset.Compressed : asset.Content;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
