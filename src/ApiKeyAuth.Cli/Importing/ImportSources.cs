using ApiKeyAuth.Cli.Importing.Sources;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Provides the systems whose files can be imported.</summary>
internal static class ImportSources
{
    private static readonly Dictionary<string, Func<ImportFile, IEnumerable<KeyDraft>>> All = new(StringComparer.Ordinal)
    {
        ["unkey"] = UnkeySource.Read,
        ["better-auth"] = BetterAuthSource.Read,
        ["zuplo"] = ZuploSource.Read,
        ["kong"] = KongSource.Read,
        ["tyk"] = TykSource.Read,
        ["aws"] = AwsSource.Read,
        ["azure"] = AzureSource.Read,
        ["nginx"] = NginxSource.Read,
        ["envoy"] = EnvoySource.Read,
        ["litellm"] = LiteLlmSource.Read,
        ["csv"] = OwnSource.ReadCsv,
        ["json"] = OwnSource.ReadJson,
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>Reads the keys of a file.</summary>
    public static IEnumerable<KeyDraft> Read(string name, ImportFile file) => All[name](file);
}
