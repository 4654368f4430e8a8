namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Represents a setting that the app reads.</summary>
/// <param name="Path">The path below the section of the library, such as <c>Cache:MaxKnownKeys</c>.</param>
/// <param name="Type">The type of the value in the words of the page.</param>
/// <param name="Range">The range, or an empty string.</param>
internal sealed record ProbedSetting(string Path, string Type, string Range)
{
    /// <summary>Gets the path of the section, or an empty string.</summary>
    public string Section => Path.Contains(':', StringComparison.Ordinal) ? Path[..Path.LastIndexOf(':')] : "";

    /// <summary>Gets the name within the section.</summary>
    public string Name => Path[(Path.LastIndexOf(':') + 1)..];
}
