using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents a usage report as JSON.</summary>
internal sealed record ApiKeyUsageDocument(
    string Id, string From, string To, string By, ApiKeyUsageDocument.TotalsDocument Totals,
    IReadOnlyList<ApiKeyUsageDocument.RowDocument> Rows, IReadOnlyList<ApiKeyUsageDocument.CountryDocument> Countries,
    IReadOnlyList<ApiKeyUsageDocument.RejectionDocument> Refusals, long Networks, IReadOnlyList<string> UnusedScopes, int UnusedDays)
{
    public static ApiKeyUsageDocument Create(ApiKeyUsageReport report) => new(
        report.KeyId,
        KeyDocumentMapper.FormatTime(report.From),
        KeyDocumentMapper.FormatTime(report.To),
        report.Granularity == ApiKeyUsageGranularity.Day ? "day" : "hour",
        new TotalsDocument(
            report.Requests, report.Succeeded, report.Failed, report.SuccessRate is { } rate ? Math.Round(rate, 4) : null,
            report.LastUsedAt is { } last ? KeyDocumentMapper.FormatTime(last) : null),
        [
            .. report.Rows.Select(row => new RowDocument(
                KeyDocumentMapper.FormatTime(row.From),
                KeyDocumentMapper.FormatTime(row.To),
                row.Requests,
                row.Succeeded,
                row.Failed)),
        ],
        [.. report.Countries.Select(country => new CountryDocument(country.Key.Length == 0 ? null : country.Key, country.Value))],
        [.. report.Rejections.Select(refusal => new RejectionDocument(refusal.Key, refusal.Value))],
        report.NetworkCount,
        report.UnusedScopes,
        report.UnusedDays);

    internal sealed record TotalsDocument(long Requests, long Succeeded, long Failed, double? SuccessRate, string? LastUsedAt);

    internal sealed record RowDocument(string From, string To, long Requests, long Succeeded, long Failed);

    internal sealed record CountryDocument(string? Country, long Requests);

    internal sealed record RejectionDocument(string Code, long Requests);
}
