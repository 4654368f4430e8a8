using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>
/// Maps the endpoint that revokes a key by its secret, without other credentials. The response does not depend on whether the key exists.
/// </summary>
internal sealed class LeakReportEndpoint(ApiKeyManagementOptions options, TimeProvider clock)
{
    private readonly NetworkRateLimiter? _networkLimiter =
        options.RevokeLeaked is { } limit ? new NetworkRateLimiter(clock, limit) : null;

    // Cross-site requests are accepted, because the secret in the body is the only credential.
    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapPost(
                "/revoke-leaked",
                (HttpContext context, LeakReportEndpoint reports, ApiKeyManager manager) => reports.HandleAsync(context, manager))
            .Describe(name("RevokeLeakedApiKey"), "Revokes the key of a leaked secret. The response does not reveal if the key exists.")
            .AcceptsBody<ApiKeySecretRequestDocument>().Produces(StatusCodes.Status204NoContent).ProducesWriteErrors(400, 429)
            .AllowAnonymous();

    private async Task HandleAsync(HttpContext context, ApiKeyManager manager)
    {
        if (_networkLimiter is null)
        {
            await ManagementResponseWriter.RejectAsync(context, Problems.LeakReportsDisabled);
            return;
        }

        var address = context.Connection.RemoteIpAddress;
        var decision = _networkLimiter.RecordFailure(address);
        if (!decision.IsAdmitted)
        {
            await ManagementResponseWriter.RejectAsync(
                context,
                ApiKeyError.RateLimited(decision.Limit, RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter)));
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, ManagementJsonContext.Default.ApiKeySecretRequestDocument);
        var problem = !body.Succeeded ? body.Error
            : body.Value.Key is not { } secret ? Problems.Invalid("key", "is required")
            : await manager.RevokeLeakedAsync(secret, CallerReader.FormatAddress(address), context.RequestAborted);
        if (problem is not null)
        {
            await ManagementResponseWriter.RejectAsync(context, problem);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
