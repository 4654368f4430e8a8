using System.Globalization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management;

/// <summary>The endpoints that only look.</summary>
internal static class ReadEndpoints
{
    public static void Map(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapGet("", ListAsync).Describe(name("ListApiKeys"), "Lists the keys the caller may see, newest first.")
            .Produces<ApiKeyListDocument>().Refuses(400);
        keys.MapGet("/{id}", GetAsync).Describe(name("GetApiKey"), "Gets a key; never its secret.")
            .Produces<ApiKeyDocument>().Refuses(404);
        keys.MapGet("/{id}/audit", AuditAsync).Describe(name("ListApiKeyAudit"), "Lists who did what to a key, newest first, also after it is deleted.")
            .Produces<ApiKeyAuditDocument>().Refuses(400, 404);
        UsageEndpoint.Map(keys, name);
        AlertEndpoints.MapRead(keys, name);
    }

    private static Task ListAsync(
        HttpContext context, ApiKeyManager manager, TimeProvider clock,
        string? owner, string? environment, string? status, string? name, string? unusedDays, string? limit, string? cursor,
        string? total) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var problems = new Dictionary<string, string>(StringComparer.Ordinal);
            var listing = new ApiKeyListing
            {
                OwnerId = owner,
                Environment = environment,
                Name = name,
                Status = Status(status, problems),
                UnusedDays = UsageEndpoint.Days(unusedDays, problems),
                Limit = Limit(limit, problems),
                Cursor = cursor,
                WithTotal = Flag("total", total, problems),
                Unread = problems,
            };
            var page = await manager.ListAsync(caller, listing, context.RequestAborted);
            await (page.Succeeded
                ? Reply.JsonAsync(context, KeyDocuments.Of(page.Value, clock.GetUtcNow()), ManagementJson.Default.ApiKeyListDocument)
                : Reply.RefuseAsync(context, page.Problem));
        });

    private static Task GetAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointCaller.RunAsync(context, async caller => await Reply.KeyAsync(context, await manager.GetAsync(caller, id, context.RequestAborted)));

    private static Task AuditAsync(HttpContext context, ApiKeyManager manager, string id, string? limit, string? cursor) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var problems = new Dictionary<string, string>(StringComparer.Ordinal);
            var listing = new ApiKeyAuditListing { KeyId = id, Limit = Limit(limit, problems), Cursor = cursor, Unread = problems };
            var page = await manager.ListAuditAsync(caller, listing, context.RequestAborted);
            await (page.Succeeded
                ? Reply.JsonAsync(context, KeyDocuments.Of(page.Value), ManagementJson.Default.ApiKeyAuditDocument)
                : Reply.RefuseAsync(context, page.Problem));
        });

    private static int Limit(string? text, Dictionary<string, string> problems)
    {
        if (text is null)
        {
            return 100;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return limit;
        }

        problems["limit"] = "is no whole number";
        return 100;
    }

    private static ApiKeyStatus? Status(string? text, Dictionary<string, string> problems)
    {
        ApiKeyStatus? status = text switch
        {
            "active" => ApiKeyStatus.Active,
            "disabled" => ApiKeyStatus.Disabled,
            "expired" => ApiKeyStatus.Expired,
            "revoked" => ApiKeyStatus.Revoked,
            _ => null,
        };
        if (status is null && text is not null)
        {
            problems["status"] = "is none of active, disabled, expired, revoked";
        }

        return status;
    }

    private static bool Flag(string name, string? text, Dictionary<string, string> problems)
    {
        if (text is not (null or "true" or "false"))
        {
            problems[name] = "is neither true nor false";
        }

        return text is "true";
    }
}
