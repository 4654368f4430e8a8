using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Maps the endpoints that read keys and their history.</summary>
internal static class ReadEndpoints
{
    public static void Map(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapGet("", ListAsync).Describe(name("ListApiKeys"), "Lists the keys that the caller may see, newest first.")
            .Produces<ApiKeyListDocument>().ProducesErrors(400);
        keys.MapGet("/{id}", GetAsync).Describe(name("GetApiKey"), "Gets a key without its secret.")
            .Produces<ApiKeyDocument>().ProducesErrors(404);
        keys.MapGet("/{id}/audit", ListAuditAsync)
            .Describe(name("ListApiKeyAudit"), "Lists the changes of a key, newest first, also after the key was deleted.")
            .Produces<ApiKeyAuditDocument>().ProducesErrors(400, 404);
        UsageEndpoint.Map(keys, name);
    }

    private static Task ListAsync(
        HttpContext context,
        ApiKeyManager manager,
        TimeProvider clock,
        string? owner,
        string? environment,
        string? status,
        string? name,
        string? unusedDays,
        string? limit,
        string? cursor,
        string? total) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var problems = new Dictionary<string, string>(StringComparer.Ordinal);
            var request = new ApiKeyListRequest
            {
                OwnerId = owner,
                Environment = environment,
                Name = name,
                Status = ParseStatus(status, problems),
                UnusedDays = UsageEndpoint.ParseDays(unusedDays, problems),
                Limit = ParseLimit(limit, problems),
                Cursor = cursor,
                IncludeTotal = ParseBoolean("total", total, problems),
                ParseErrors = problems,
            };
            var page = await manager.ListAsync(caller, request, context.RequestAborted);
            await (page.Succeeded
                ? ManagementResponseWriter.WriteJsonAsync(
                    context,
                    KeyDocumentMapper.Create(page.Value, clock.GetUtcNow()),
                    ManagementJsonContext.Default.ApiKeyListDocument)
                : ManagementResponseWriter.RejectAsync(context, page.Error));
        });

    private static Task GetAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointRunner.RunAsync(
            context,
            async caller => await ManagementResponseWriter.WriteKeyAsync(
                context, await manager.GetAsync(caller, id, context.RequestAborted)));

    private static Task ListAuditAsync(HttpContext context, ApiKeyManager manager, string id, string? limit, string? cursor) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var problems = new Dictionary<string, string>(StringComparer.Ordinal);
            var request = new ApiKeyAuditListRequest
            {
                KeyId = id,
                Limit = ParseLimit(limit, problems),
                Cursor = cursor,
                ParseErrors = problems,
            };
            var page = await manager.ListAuditAsync(caller, request, context.RequestAborted);
            await (page.Succeeded
                ? ManagementResponseWriter.WriteJsonAsync(
                    context, KeyDocumentMapper.Create(page.Value), ManagementJsonContext.Default.ApiKeyAuditDocument)
                : ManagementResponseWriter.RejectAsync(context, page.Error));
        });

    private static int ParseLimit(string? text, Dictionary<string, string> problems)
    {
        if (text is null)
        {
            return 100;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return limit;
        }

        problems["limit"] = "must be a whole number";
        return 100;
    }

    private static ApiKeyStatus? ParseStatus(string? text, Dictionary<string, string> problems)
    {
        ApiKeyStatus? status = text switch
        {
            "active" => ApiKeyStatus.Active,
            "pending" => ApiKeyStatus.Pending,
            "disabled" => ApiKeyStatus.Disabled,
            "expired" => ApiKeyStatus.Expired,
            "idle" => ApiKeyStatus.Idle,
            "revoked" => ApiKeyStatus.Revoked,
            _ => null,
        };
        if (status is null && text is not null)
        {
            problems["status"] = "must be active, pending, disabled, expired, idle or revoked";
        }

        return status;
    }

    private static bool ParseBoolean(string name, string? text, Dictionary<string, string> problems)
    {
        if (text is not (null or "true" or "false"))
        {
            problems[name] = "must be true or false";
        }

        return text is "true";
    }
}
