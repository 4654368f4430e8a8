using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>Represents the section that the app's settings are read from.</summary>
/// <param name="Section">The section.</param>
/// <param name="Providers">The configuration providers of the section.</param>
internal sealed record SettingsSource(IConfigurationSection Section, SectionProviders Providers)
{
    /// <summary>The path by which messages name settings of an app that is configured in code.</summary>
    public const string DefaultPath = "ApiKeyAuth";
}
