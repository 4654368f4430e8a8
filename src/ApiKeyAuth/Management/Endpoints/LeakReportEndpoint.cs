using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.LeakReports;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>
/// Maps the endpoint that revokes a key by its secret, without other credentials. The response does not depend on whether the key exists.
/// </summary>
internal sealed class LeakReportEndpoint(ApiKeyManagementOptions options, TimeProvider clock)
{
    private readonly LeakReportLimiter? _limiter = options.RevokeLeaked is { } limit ? new LeakReportLimiter(clock, limit) : null;

    // Cross-site requests are accepted, because the secret in the body is the only credential.
    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapPost(
                "/revoke-leaked",
                (HttpContext context, LeakReportEndpoint reports, ApiKeyManager manager) => reports.HandleAsync(context, manager))
            .Describe(name("RevokeLeakedApiKey"), "Revokes the key of a leaked secret. The response does not reveal if the key exists.")
            .WithDescription("Requires no credentials but the secret. The number of requests from a network is limited.")
            .AcceptsBody<ApiKeySecretRequestDocument>().Produces(StatusCodes.Status204NoContent).ProducesWriteErrors(400, 429)
            .AllowAnonymous();

    private async Task HandleAsync(HttpContext context, ApiKeyManager manager)
    {
        var problem = _limiter is null ? Problems.LeakReportsDisabled : _limiter.FindProblem(context);
        if ((problem ?? await RevokeAsync(context, manager)) is { } rejection)
        {
            await ManagementResponseWriter.RejectAsync(context, rejection);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<ApiKeyError?> RevokeAsync(HttpContext context, ApiKeyManager manager)
    {
        var body = await RequestBody.ReadAsync(context.Request, ManagementJsonContext.Default.ApiKeySecretRequestDocument);
        return !body.Succeeded ? body.Error
            : body.Value.Key is not { } secret ? Problems.Invalid("key", "is required")
            : await manager.RevokeLeakedAsync(
                secret, CallerReader.FormatAddress(context.Connection.RemoteIpAddress), context.RequestAborted);
    }
}
