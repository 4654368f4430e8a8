using ApiKeyAuth.Dashboard.Charts;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage.History;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

        return PageResults.Page<KeyPage>(request, new KeyModel
        {
            Key = key,
            Usage = usage.Value,
            Range = range,
            Audit = audit.Value.Entries,
            LastHour = range.Granularity == ApiKeyUsageGranularity.Hour
                ? usage.Value?.Rows.Where(row => row.To > request.Now.AddHours(-1)).Sum(row => row.Requests)
                : null,
            Limits = await ReadLimitsAsync(request, key),
            HasAlerts = AlertsEndpoint.AreAvailable(request),
            Notice = Notice.Parse(query),
        });
    }

    /// <summary>Redirects to the key, for the address of an action that the browser opens again after the user signed in.</summary>
    public static Task<IResult> RedirectAsync(DashboardRequest request) =>
        Task.FromResult(PageResults.SeeOther(request, request.KeyLink(SecretEndpoint.GetId(request))));

    private static Task<KeyLimits> ReadLimitsAsync(DashboardRequest request, ApiKey key)
    {
        var services = request.Context.RequestServices;
        return KeyLimits.ReadAsync(
            key,
            services.GetRequiredService<ScopeCatalog>(),
            services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.RateLimiting,
            services.GetRequiredService<IApiKeyRateLimiter>(),
            request.Aborted);
    }
}
