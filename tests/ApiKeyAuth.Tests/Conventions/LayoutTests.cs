using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Files short, folders small, namespaces where their folders are.</summary>
public sealed class LayoutTests
{
    private const int MostLines = 300;
    private const int MostFiles = 16;

    [Test]
    public void File_Length_IsBelowTheMost() =>
        Assert.That(Repository.Sources().Where(file => File.ReadLines(file.FullName).Count() >= MostLines).Select(file => file.Name), Is.Empty);

    [Test]
    public void Folder_Files_AreNoMoreThanTheMost() =>
        Assert.That(Repository.Sources().CountBy(file => file.DirectoryName!).Where(folder => folder.Value > MostFiles), Is.Empty);

    [Test]
    public void Folder_Depth_IsTwoAtMost() =>
        Assert.That(Repository.Sources().Where(file => Repository.Parts(file).Length > 2).Select(file => file.Name), Is.Empty);

    [Test]
    public void Namespace_OfAFile_FollowsItsFolders() =>
        Assert.That(Repository.Sources().Where(IsAstray).Select(file => file.FullName), Is.Empty);

    [Test]
    public void File_Name_IsThatOfTheOneTypeInIt() =>
        Assert.That(Repository.Sources().Where(file => Types(file) is not [var type] || type != Path.GetFileNameWithoutExtension(file.Name)).Select(file => $"{file.Name}: {string.Join(", ", Types(file))}"), Is.Empty);

    [Test]
    public void File_Text_ContainsNoUnsafeCode() =>
        Assert.That(Repository.Sources().Where(file => Regex.IsMatch(File.ReadAllText(file.FullName), @"\bunsafe\b")).Select(file => file.Name), Is.Empty);

    private static bool IsAstray(FileInfo file)
    {
        var text = File.ReadAllText(file.FullName);
        var space = Regex.Match(text, @"^namespace ([\w.]+);$", RegexOptions.Multiline).Groups[1].Value;
        var isExtension = file.Name.EndsWith("Extensions.cs", StringComparison.Ordinal) && text.Contains("\npublic static class", StringComparison.Ordinal);
        return isExtension
            ? space is not ("Microsoft.AspNetCore.Builder" or "Microsoft.AspNetCore.Http" or "Microsoft.Extensions.DependencyInjection")
            : space != string.Join('.', Repository.Parts(file).Where(part => part != ".").Prepend(Repository.Package(file)));
    }

    private static string[] Types(FileInfo file) =>
        [.. Regex.Matches(File.ReadAllText(file.FullName), @"^(?:(?:public|internal|sealed|static|abstract|partial|readonly|ref) )+(?:class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).Distinct()];
}
