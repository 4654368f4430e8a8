using ApiKeyAuth.Configuration;
using ApiKeyAuth.Http;

namespace ApiKeyAuth.Startup;

/// <summary>Reads the options of error responses.</summary>
internal sealed class ApiKeyErrorOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyErrorOptions>(source, SectionName)
{
    public const string SectionName = "Errors";

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyErrorOptions options)
    {
        options.ReportExpiredAsInvalid = reader.ReadBoolean("ReportExpiredAsInvalid", options.ReportExpiredAsInvalid);
        options.ReportWrongAudienceAsInvalid = reader.ReadBoolean("ReportWrongAudienceAsInvalid", options.ReportWrongAudienceAsInvalid);
        options.DocumentationUrl = reader.ReadString("DocumentationUrl") ?? options.DocumentationUrl;
        options.ReportMissingAsInvalid = reader.ReadBoolean("ReportMissingAsInvalid", options.ReportMissingAsInvalid);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyErrorOptions options) =>
        options.DocumentationUrl is { } url && !IsPage(url)
            ? ["DocumentationUrl is not the URL of a page; write one such as https://docs.example.com/errors, without a fragment."]
            : [];

    private static bool IsPage(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var page)
        && page.Scheme is "https" or "http"
        && !url.Contains('#', StringComparison.Ordinal);
}
