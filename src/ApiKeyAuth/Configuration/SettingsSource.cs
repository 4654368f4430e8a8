using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>Represents the section that the app's settings are read from.</summary>
/// <param name="Section">The section.</param>
/// <param name="Providers">The configuration providers of the section.</param>
internal sealed record SettingsSource(IConfigurationSection Section, SectionProviders Providers)
{
    // Messages use it to name settings of an app that is configured in code.
    private const string DefaultPath = "ApiKeyAuth";

    /// <summary>Gets the full name of the section of a source, or the default if there is none.</summary>
    public static string GetPath(SettingsSource? source) => source?.Section.Path ?? DefaultPath;

    /// <summary>Reads the settings strictly and returns the problems.</summary>
    public IReadOnlyList<string> Read(Action<SettingsReader> read)
    {
        var problems = new List<string>();
        new SettingsReader(Section, problems, Providers.ReadLayers().Within(Section.Path)).ReadAll(read);
        return problems;
    }

    /// <summary>Reads the section of one feature strictly and returns the problems.</summary>
    public IReadOnlyList<string> ReadSection(string name, Action<SettingsReader> read)
    {
        var problems = new List<string>();
        new SettingsReader(Section, problems, Providers.ReadLayers().Within(Section.Path)).ReadSection(name, read);
        return problems;
    }
}
