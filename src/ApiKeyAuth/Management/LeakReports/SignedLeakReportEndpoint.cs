using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Accepts signed reports of leaked secrets and returns for each whether it is one of a key.</summary>
/// <remarks>A request that is not signed gets the same response whatever it contains, so that it does not reveal any key.</remarks>
internal sealed class SignedLeakReportEndpoint(
    ApiKeyLeakReportOptions options, TimeProvider clock, ILogger<SignedLeakReportEndpoint> logger)
{
    private const int MaxBytes = 1_048_576;

    private static readonly ApiKeyError NotSigned =
        Problems.Forbidden("The report is not signed with one of the public keys of this app");

    private static readonly ApiKeyError NotReports = Problems.Malformed(
        "The body must be a JSON array of objects with the strings token, type, url and source, of which token is required");

    private readonly LeakReportLimiter _limiter = new(clock, options.Limit);
    private readonly LeakSignature _signature = new(options);

    public async Task HandleAsync(HttpContext context, ApiKeyManager manager)
    {
        var reports = _limiter.FindProblem(context) is { } limited ? limited : await ReadAsync(context);
        if (!reports.Succeeded)
        {
            await ManagementResponseWriter.RejectAsync(context, reports.Error);
            return;
        }

        var labels = await ReportAsync(reports.Value, CallerReader.FormatAddress(context.Connection.RemoteIpAddress), manager);
        await (labels.Succeeded
            ? ManagementResponseWriter.WriteJsonAsync(context, labels.Value, LeakJsonContext.Default.LeakLabelDocumentArray)
            : ManagementResponseWriter.RejectAsync(context, labels.Error));
    }

    private async Task<ApiKeyResult<LeakReportDocument[]>> ReadAsync(HttpContext context)
    {
        var body = await RequestBody.ReadBytesAsync(context.Request, MaxBytes);
        if (body is null)
        {
            return RequestBody.CreateTooLongProblem(MaxBytes);
        }

        if (_signature.FindFault(context.Request.Headers, body) is { } fault)
        {
            Log.LeakReportRejected(logger, fault);
            return NotSigned;
        }

        try
        {
            var reports = JsonSerializer.Deserialize(body, LeakJsonContext.Default.LeakReportDocumentArray);
            return reports is null || reports.Contains(null) ? NotReports : reports;
        }
        catch (JsonException)
        {
            return NotReports;
        }
    }

    /// <summary>Handles all reports, also if the client disconnects: it may not send them again.</summary>
    private static async Task<ApiKeyResult<LeakLabelDocument[]>> ReportAsync(
        LeakReportDocument[] reports, string? address, ApiKeyManager manager)
    {
        var results = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var report in reports.DistinctBy(report => report.Token))
        {
            var leak = new ApiKeyLeakReport { Source = report.Source, Url = report.Url, Address = address };
            var result = await manager.ReportLeakAsync(report.Token, leak, CancellationToken.None);
            if (!result.Succeeded)
            {
                return result.Error;
            }

            results[report.Token] = result.Value;
        }

        return reports.Select(report => CreateLabel(report, results[report.Token])).ToArray();
    }

    private static LeakLabelDocument CreateLabel(LeakReportDocument report, bool isKey) => new()
    {
        TokenHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(report.Token))),
        TokenType = report.Type ?? "",
        Label = isKey ? LeakLabelDocument.TruePositive : LeakLabelDocument.FalsePositive,
    };
}
