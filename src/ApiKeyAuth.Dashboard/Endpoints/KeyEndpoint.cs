using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Shows a key.</summary>
internal static class KeyEndpoint
{
    private const int AuditEntries = 10;

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var id = SecretEndpoint.GetId(request);
        var read = await request.Manager.GetAsync(request.Caller, id, request.Aborted);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var key = read.Value;
        var query = request.Context.Request.Query;
        var range = UsageRange.Parse(query["range"]);
        var usage = await request.Manager.GetUsageAsync(request.Caller, id, range.ToRequest(request.Now), request.Aborted);
        var audit = await request.Manager.ListAuditAsync(
            request.Caller, new ApiKeyAuditListRequest { KeyId = id, Limit = AuditEntries }, request.Aborted);
        if (!audit.Succeeded || usage.Error is { StatusCode: not StatusCodes.Status404NotFound })
        {
            return PageResults.Error(request, audit.Error ?? usage.Error!);
        }

        var catalog = request.Context.RequestServices.GetRequiredService<ScopeCatalog>();
        return PageResults.Page<KeyPage>(request, new KeyModel
        {
            Key = key,
            Usage = usage.Value,
            Range = range,
            Audit = audit.Value.Entries,
            Limits = key.RateLimits.Count > 0 ? key.RateLimits : catalog.DefaultRateLimits(key.Scopes),
            Notice = Notice.Parse(query),
        });
    }
}
