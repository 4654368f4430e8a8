using ApiKeyAuth.Errors;
using ApiKeyAuth.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management;

/// <summary>The endpoint where whoever holds a secret can end its key, with no other credential; it answers alike whether there was such a key or not.</summary>
internal sealed class LeakReports(ApiKeyManagementOptions options, TimeProvider clock)
{
    private readonly NetworkRateLimiter? _networks = options.RevokeLeaked is { } limit ? new NetworkRateLimiter(clock, limit) : null;

    // Cross-site requests are not refused: the secret in the body is the only credential, and a cookie adds nothing to it.
    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapPost("/revoke-leaked", (HttpContext context, LeakReports reports, ApiKeyManager manager) => reports.TakeAsync(context, manager))
            .Describe(name("RevokeLeakedApiKey"), "Revokes the key of a secret that got out; the answer tells nothing of the key.")
            .Takes<ApiKeySecretRequestDocument>().Produces(StatusCodes.Status204NoContent).Refuses(400, 429).AllowAnonymous();

    private async Task TakeAsync(HttpContext context, ApiKeyManager manager)
    {
        if (_networks is null)
        {
            await Reply.RefuseAsync(context, Problems.SwitchedOff);
            return;
        }

        var address = context.Connection.RemoteIpAddress;
        var decision = _networks.Charge(address);
        if (!decision.IsAdmitted)
        {
            await Reply.RefuseAsync(context, ApiKeyRefusal.RateLimited(decision.Limit, RateLimitHeaders.WholeSeconds(decision.RetryAfter)));
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, SecretBody.Leaked);
        var problem = !body.Succeeded ? body.Problem
            : body.Value.Unread.Count > 0 ? Problems.Invalid(body.Value.Unread)
            : await manager.RevokeLeakedAsync(body.Value.Secret, CallerReader.Address(address), context.RequestAborted);
        if (problem is not null)
        {
            await Reply.RefuseAsync(context, problem);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
