using System.Globalization;
using System.Text;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Lists who changed which key, as a page or as CSV (RFC 4180).</summary>
internal static class AuditEndpoint
{
    private const int PageSize = 50;
    private const int MaxRows = 1_000;

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var read = await ReadAsync(request, PageSize);
        return read.Succeeded
            ? PageResults.Page<AuditPage>(request, new AuditModel(GetQuery(request), read.Value.Entries, read.Value.NextCursor))
            : PageResults.Error(request, read.Error);
    }

    public static async Task<IResult> GetCsvAsync(DashboardRequest request)
    {
        var read = await ReadAsync(request, MaxRows);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var csv = new StringBuilder("time,action,key,actor,address,changes\r\n");
        foreach (var entry in read.Value.Entries)
        {
            var time = entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            string[] cells = [time, entry.Action, entry.KeyId, entry.Actor, entry.Address ?? "", entry.Changes];
            csv.AppendJoin(',', cells.Select(QuoteCell)).Append("\r\n");
        }

        request.Context.Response.Headers.ContentDisposition = "attachment; filename=\"api-key-audit.csv\"";
        return TypedResults.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    /// <summary>Quotes a cell. A spreadsheet runs a cell that begins like a formula, so it gets an apostrophe (OWASP).</summary>
    public static string QuoteCell(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\0', ..] ? $"'{value}" : value;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static AuditQuery GetQuery(DashboardRequest request) => AuditQuery.Parse(request.Context.Request.Query);

    private static Task<ApiKeyResult<ApiKeyAuditPage>> ReadAsync(DashboardRequest request, int limit)
    {
        var query = GetQuery(request);
        return request.Manager.ListAuditAsync(
            request.Caller,
            new ApiKeyAuditListRequest
            {
                KeyId = query.KeyId,
                From = query.From is { } first ? AuditQuery.ToTime(first) : null,
                To = query.To is { } last ? AuditQuery.ToTime(last.AddDays(1)) : null,
                Limit = limit,
                Cursor = request.Context.Request.Query["cursor"] is [{ Length: > 0 } cursor] ? cursor : null,
            },
            request.Aborted);
    }
}
