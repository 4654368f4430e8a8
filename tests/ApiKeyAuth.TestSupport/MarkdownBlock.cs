namespace ApiKeyAuth.TestSupport;

/// <summary>Represents a fenced code block of a Markdown page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Language">The language of the block, or an empty string.</param>
/// <param name="Code">The lines of the block.</param>
/// <param name="Outputs">What the line below the block says that the output contains.</param>
/// <param name="Number">The number of the block among those of the same language, from 1.</param>
public sealed record MarkdownBlock(MarkdownPage Page, string Language, string Code, IReadOnlyList<string> Outputs, int Number)
{
    /// <summary>Gets a value indicating whether the block runs the .NET command line, such as to start an app.</summary>
    public bool IsDotNet => Code.StartsWith("dotnet ", StringComparison.Ordinal);

    /// <summary>Returns the page and the number, as the name of a test case.</summary>
    public override string ToString() => $"{Page}, {Language} block {Number}";
}
