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
    /// <summary>Gets the actions that people can filter by.</summary>
    public static IReadOnlyList<string> Actions { get; } =
    [
        "create", "import", "update", "rotate", "complete-rotation", "cancel-rotation", "revoke", "revoke-secret", "delete", "purge",
    ];

    private const int PageSize = 50;
    private const int CsvPageSize = 1_000;
    private const int MaxCsvPages = 50;

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var cursor = request.Context.Request.Query["cursor"] is [{ Length: > 0 } given] ? given : null;
        var read = await ReadAsync(request, PageSize, cursor);
        return read.Succeeded
            ? PageResults.Page<AuditPage>(request, new AuditModel(GetQuery(request), read.Value.Entries, read.Value.NextCursor))
            : PageResults.Error(request, read.Error);
    }

    /// <summary>Returns the newest entries of the filter.</summary>
    public static async Task<IResult> GetCsvAsync(DashboardRequest request)
    {
        var csv = new StringBuilder("time,action,key,actor,address,changes\r\n");
        string? cursor = null;
        for (var page = 0; page == 0 || (cursor is not null && page < MaxCsvPages); page++)
        {
            var read = await ReadAsync(request, CsvPageSize, cursor);
            if (!read.Succeeded)
            {
                return PageResults.Error(request, read.Error);
            }

            foreach (var entry in read.Value.Entries)
            {
                var time = entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                string[] cells = [time, entry.Action, entry.KeyId, entry.Actor, entry.Address ?? "", entry.Changes];
                csv.AppendJoin(',', cells.Select(QuoteCell)).Append("\r\n");
            }

            cursor = read.Value.NextCursor;
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

    private static Task<ApiKeyResult<ApiKeyAuditPage>> ReadAsync(DashboardRequest request, int limit, string? cursor)
    {
        var query = GetQuery(request);
        return request.Manager.ListAuditAsync(
            request.Caller,
            new ApiKeyAuditListRequest
            {
                KeyId = query.KeyId,
                Action = query.Action,
                Actor = query.Actor,
                Address = query.Address,
                From = query.From is { } first ? AuditQuery.ToTime(first) : null,
                To = query.To is { } last ? AuditQuery.ToTime(last.AddDays(1)) : null,
                Limit = limit,
                Cursor = cursor,
            },
            request.Aborted);
    }
}
