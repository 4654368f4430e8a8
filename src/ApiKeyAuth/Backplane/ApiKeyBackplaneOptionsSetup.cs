using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Backplane;

/// <summary>Reads and validates the options of the backplane.</summary>
internal sealed class ApiKeyBackplaneOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyBackplaneOptions>(source, SectionName)
{
    public const string SectionName = "Backplane";

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyBackplaneOptions options) =>
        options.Lease = reader.ReadDuration("Lease", options.Lease);

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyBackplaneOptions options) =>
        SettingRules.FindRangeProblems("Lease", options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
}
