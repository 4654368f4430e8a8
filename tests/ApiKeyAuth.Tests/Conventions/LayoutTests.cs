using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Files are short and hold one type, folders are small, and namespaces follow folders, in every package.</summary>
public sealed partial class LayoutTests
{
    private const int MaxLines = 300;
    private const int MaxFiles = 16;

    [Test]
    public void File_Length_IsBelowTheMaximum() =>
        Assert.That(Sources().Where(file => File.ReadLines(file.FullName).Count() >= MaxLines).Select(file => file.Name), Is.Empty);

    [Test]
    public void Folder_Files_AreNoMoreThanTheMaximum() =>
        Assert.That(Sources().CountBy(file => file.DirectoryName!).Where(folder => folder.Value > MaxFiles), Is.Empty);

    [Test]
    public void Folder_Depth_IsTwoAtMost() =>
        Assert.That(Sources().Where(file => Repository.Parts(file).Length > 2).Select(file => file.Name), Is.Empty);

    [Test]
    public void Namespace_OfAFile_FollowsItsFolders() =>
        Assert.That(Sources().Where(file => !HasExpectedNamespace(file)).Select(file => file.FullName), Is.Empty);

    [Test]
    public void File_Name_IsThatOfTheOnlyTypeInIt() =>
        Assert.That(
            Sources().Where(file => Types(file) is not [var type] || type != file.Name.Split('.')[0])
                .Select(file => $"{file.Name}: {string.Join(", ", Types(file))}"),
            Is.Empty);

    [Test]
    public void UnsafeCode_IsNotUsed() =>
        Assert.That(
            Sources().Where(file => Regex.IsMatch(File.ReadAllText(file.FullName), @"\bunsafe\b")).Select(file => file.Name), Is.Empty);

    private static IEnumerable<FileInfo> Sources() =>
        Repository.Packages().SelectMany(package => Repository.Sources(package)).Where(file => Repository.Parts(file)[0] != "Migrations");

    private static bool HasExpectedNamespace(FileInfo file)
    {
        var text = File.ReadAllText(file.FullName);
        var name = NamespaceRegex().Match(text).Groups[1].Value;
        var isPublicExtension = file.Name.EndsWith("Extensions.cs", StringComparison.Ordinal)
            && text.Contains("\npublic static class", StringComparison.Ordinal);
        return name == string.Join('.', Repository.Parts(file).Where(part => part != ".").Prepend(Repository.Package(file)))
            || (isPublicExtension && name.StartsWith("Microsoft.", StringComparison.Ordinal));
    }

    /// <summary>Gets the types that a file declares; a generic type and the static class of its name are one.</summary>
    private static string[] Types(FileInfo file) =>
        [.. TypeRegex().Matches(File.ReadAllText(file.FullName)).Select(match => match.Groups[1].Value).Distinct()];

    [GeneratedRegex(@"^namespace ([\w.]+);$", RegexOptions.Multiline)]
    private static partial Regex NamespaceRegex();

    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static|abstract|partial|readonly|ref) )+(?:class|record struct|record|struct|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeRegex();
}
