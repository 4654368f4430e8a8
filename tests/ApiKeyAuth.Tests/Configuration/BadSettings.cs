namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Provides invalid settings, each with the setting that the message must name. Every invalid value contains a marker.</summary>
internal static partial class BadSettings
{
    public static IEnumerable<TestCaseData<string, string>> All() =>
    [
        .. UnknownMembers, .. WrongKinds, .. Cache, .. RateLimits, .. Lists,
        .. Formats, .. ExternalFormats, .. HashAlgorithms, .. Scopes, .. Peppers, .. Schemes, .. Keys, .. Hashes, .. KeyPrefixes,
        .. Usage, .. Alerts, .. LeakReports, .. Webhooks, .. WebhookUrls,
    ];

    private static TestCaseData<string, string> Case(string path, string settings) => new(settings, path)
    {
        // A dot in the name of a test separates namespaces.
        TestName = $"{path} {settings.ReplaceLineEndings(" ").Replace('"', '\'').Replace('.', ' ')}",
    };
}
