using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Pages are short, their links lead somewhere, and readers find each of them.</summary>
public sealed partial class PageTests
{
    private const int MaxWordsOfTheReadme = 700;
    private const int MaxWordsOfAPage = 900;
    private const int MaxWordsOfAPackage = 600;

    // Blocks of these languages are compiled, bound or run by other tests; text is output and trees of files.
    private static readonly string[] KnownLanguages = ["csharp", "json", "bash", "sh", "text"];

    private static IReadOnlyList<MarkdownPage> Pages => MarkdownPage.All;

    [Test]
    public void Words_OfAPage_AreFew()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(MarkdownPage.Get("README.md").CountWords(), Is.LessThanOrEqualTo(MaxWordsOfTheReadme), "README.md");
            foreach (var page in MarkdownPage.Docs)
            {
                Assert.That(page.CountWords(), Is.LessThanOrEqualTo(MaxWordsOfAPage), page.Path);
            }

            foreach (var page in MarkdownPage.PackageReadmes)
            {
                Assert.That(page.CountWords(), Is.LessThanOrEqualTo(MaxWordsOfAPackage), page.Path);
            }
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void Links_OfAPage_LeadToFilesAndAnchors(MarkdownPage page) =>
        Assert.That(page.Targets.Select(target => FindProblem(page, target)).OfType<string>(), Is.Empty);

    [TestCase("missing.md", "missing.md: no such file")]
    [TestCase("../README.md", "../README.md: outside the repository")]
    [TestCase("#missing", "#missing: no such heading")]
    [TestCase("LICENSE", null)]
    [TestCase("README.md#try-it", null)]
    [TestCase("https://example.com/missing.md", null)]
    public void FindProblem_PlantedLink_ReturnsIt(string target, string? problem) =>
        Assert.That(FindProblem(MarkdownPage.Get("README.md"), target), Is.EqualTo(problem));

    [Test]
    public void Links_OfAPackageReadme_AreAbsolute() =>
        Assert.That(
            MarkdownPage.PackageReadmes.SelectMany(page => page.Targets
                .Where(target => !target.StartsWith("https://", StringComparison.Ordinal) && !target.StartsWith('#'))
                .Select(target => $"{page}: {target}")),
            Is.Empty,
            "nuget.org shows the page without the repository");

    [Test]
    public void Readmes_ListEveryPageInTheSameOrder()
    {
        string[] ofTheReadme = [.. LinkedPages(MarkdownPage.Get("README.md"))];
        Assert.That(ofTheReadme, Is.EquivalentTo(MarkdownPage.Docs.Select(page => page.Path)).And.Unique);
        Assert.That(LinkedPages(MarkdownPage.Get("src/ApiKeyAuth/README.md")), Is.EqualTo(ofTheReadme));
    }

    [TestCaseSource(nameof(Pages))]
    public void Blocks_OfAPage_HaveALanguageThatATestKnows(MarkdownPage page) =>
        Assert.That(page.Languages().Except(KnownLanguages), Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Headings_OfAPage_HaveText(MarkdownPage page) =>
        Assert.That(EmptySection().Matches(page.Text).Select(match => match.Value), Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Tables_OfAPage_HaveTheSameNumberOfCells(MarkdownPage page)
    {
        string[] lines = page.Text.Split('\n');
        var rows = lines.Index().Where(line => line.Item.StartsWith('|') && line.Index > 0 && lines[line.Index - 1].StartsWith('|'));
        Assert.That(
            rows.Where(row => CountCells(row.Item) != CountCells(lines[row.Index - 1])).Select(row => $"line {row.Index + 1}: {row.Item}"),
            Is.Empty);
    }

    [Test]
    public void DotNetCommands_OfAllPages_NameProjectsAndPackages()
    {
        string[] lines =
        [
            .. Pages.SelectMany(page => page.Blocks("bash").Concat(page.Blocks("sh"))).SelectMany(block => block.Code.Split('\n'))
                .Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal)),
        ];
        Assert.That(lines.Where(line => !IsKnown(line)), Is.Empty);
        Assert.That(lines, Has.Length.GreaterThan(10));
    }

    private static bool IsKnown(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["dotnet", "add", "package", var package, ..] => Repository.Packages().Contains(package),
            ["dotnet", "run", ..] => ProjectOption().Match(line) is not { Success: true } project
                || Directory.GetFiles(Repository.PathOf(project.Groups[1].Value), "*.csproj").Length == 1,
            ["dotnet", "build" or "test" or "new", ..] => true,
            _ => false,
        };

    private static string? FindProblem(MarkdownPage page, string target)
    {
        var local = target;
        if (target.StartsWith("https://", StringComparison.Ordinal))
        {
            var blob = $"{Repository.Url}/blob/main/";
            if (!target.StartsWith(blob, StringComparison.Ordinal))
            {
                return target.StartsWith(Repository.Url, StringComparison.Ordinal) && target.Contains("/blob/", StringComparison.Ordinal)
                    ? $"{target}: not on the main branch"
                    : null;
            }

            local = "/" + target[blob.Length..];
        }

        var (path, anchor) = local.Split('#') switch { [var only] => (only, null), var parts => (parts[0], parts[1]) };
        var file = path.Length == 0 ? Repository.PathOf(page.Path)
            : path[0] == '/' ? Repository.PathOf(path[1..])
            : Path.GetFullPath(Path.Combine(Repository.PathOf(page.Path), "..", path));
        return !file.StartsWith(Repository.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? $"{target}: outside the repository"
            : !File.Exists(file) && !Directory.Exists(file) ? $"{target}: no such file"
            : anchor is not null && !GetPage(file).Anchors.Contains(anchor) ? $"{target}: no such heading"
            : null;
    }

    private static MarkdownPage GetPage(string file) =>
        MarkdownPage.Get(Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));

    private static IEnumerable<string> LinkedPages(MarkdownPage page) =>
        page.Targets.Select(target => DocsPage().Match(target)).Where(match => match.Success)
            .Select(match => $"src/ApiKeyAuth/{match.Value}");

    private static int CountCells(string row) => Separator().Count(row);

    [GeneratedRegex(@"--project (\S+)")]
    private static partial Regex ProjectOption();

    [GeneratedRegex(@"docs/[a-z-]+\.md$")]
    private static partial Regex DocsPage();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Separator();

    // A heading that is followed by one of the same or a higher level, or by the end of the page.
    [GeneratedRegex(@"^(#{2,6}) .+\n+(?=#{1,2} |\z)", RegexOptions.Multiline)]
    private static partial Regex EmptySection();
}
