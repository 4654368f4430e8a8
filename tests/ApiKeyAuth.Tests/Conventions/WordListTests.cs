using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Tests that source code and documentation use the project's vocabulary and fit the maximum line length.</summary>
public sealed class WordListTests
{
    private const int MaxColumns = 140;

    /// <summary>The words that are not used, as regular expressions that are matched as whole words in any case.</summary>
    private static readonly string[] Words =
    [
        // Verbs of people.
        "told", "tells?", "telling", "ow(?:es?|ed|ing)", "debts?", "mend(?:s|ed|ing)?", "put off", "goes by", "sees? to",

        // Persons: write "the caller" and "they".
        "he", "his", "him", "whoever", "nobody", "somebody", "one who", "those who", "all who",

        // Terms with another name.
        "bus(?:es)?", "carriers?", "beats?", @"announce\w*", "episodes?", "rooms?", "look-ups?", "at the front door",

        // British spelling.
        "catalogues?", "honour(?:s|ed)?", "licences?", "behaviours?", "colours?",

        // Old-fashioned words and constructions.
        "anew", "beside", @"(?:is|are|was) no (?!longer\b|more\b)",
    ];

    private static readonly Regex WordRegex =
        new($@"\b(?:{string.Join('|', Words)})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly string[] IgnoredFolders = ["bin", "obj", ".git", ".vs", "artifacts", "node_modules", "TestResults"];

    [Test]
    public void Line_SourceOrMarkdown_HasNoListedWord()
    {
        var files = FindFiles("src", "*.cs").Concat(FindFiles("src", "*.razor")).Concat(FindFiles("samples", "*.cs"))
            .Concat(FindFiles("", "*.md"));
        string[] hits = [.. files.SelectMany(file => FindLines(file, line => FindWord(line) is { } word ? $"\"{word}\"" : null))];
        Assert.That(hits, Is.Empty, string.Join('\n', hits));
    }

    [Test]
    public void Line_SourceOrMarkdownOfThePackages_FitsTheMaximum()
    {
        var files = FindFiles("src", "*.cs").Concat(FindFiles("src", "*.razor")).Concat(FindFiles("src", "*.md"));
        string[] hits =
        [
            .. files.SelectMany(file => FindLines(
                file, line => IsTooLong(line, Path.GetExtension(file)) ? $"{CountColumns(line)} columns" : null)),
        ];
        Assert.That(hits, Is.Empty, string.Join('\n', hits));
    }

    [TestCase("/// <summary>Tells whether the key is valid.</summary>", "Tells")]
    [TestCase("throw new ArgumentException(\"The text is no scope.\");", "is no ")]
    [TestCase("// A key he has mended.", "he")]
    [TestCase("an ApiKeyBus beside a bus", "beside")]
    [TestCase("The announcement is delivered.", "announcement")]
    [TestCase("A LOOK-UP by hash", "LOOK-UP")]
    [TestCase("The key is no longer valid, and there is no key.", "is no ")]
    [TestCase("The key is no longer valid.", null)]
    [TestCase("The header of this business is a behavior of its catalog.", null)]
    [TestCase("Headroom, inside, heartbeat", null)]
    public void FindWord_PlantedLine_ReturnsTheWord(string line, string? word) => Assert.That(FindWord(line), Is.EqualTo(word));

    [TestCase(140, ".cs", false)]
    [TestCase(141, ".cs", true)]
    [TestCase(141, ".md", true)]
    public void IsTooLong_PlantedLine_ComparesItsColumns(int columns, string extension, bool expected)
    {
        Assert.That(IsTooLong(new string('a', columns), extension), Is.EqualTo(expected));
        Assert.That(IsTooLong("|" + new string('a', columns - 1), ".md"), Is.False, "a row of a table");
    }

    private static string? FindWord(string line) => WordRegex.Match(line) is { Success: true } match ? match.Value : null;

    // A table of Markdown cannot be wrapped.
    private static bool IsTooLong(string line, string extension) =>
        CountColumns(line) > MaxColumns && !(extension == ".md" && line.StartsWith('|'));

    private static int CountColumns(string line) => line.EnumerateRunes().Count();

    private static IEnumerable<string> FindLines(string file, Func<string, string?> findProblem) =>
        File.ReadLines(file).Index()
            .Select(line => (Number: line.Index + 1, Problem: findProblem(line.Item)))
            .Where(line => line.Problem is not null)
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number}: {line.Problem}");

    private static IEnumerable<string> FindFiles(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories).Where(IsOurs);

    private static bool IsOurs(string file)
    {
        var folders = Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar)[..^1];
        return !folders.Any(folder => folder == "Migrations" || IgnoredFolders.Contains(folder));
    }
}
