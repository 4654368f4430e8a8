namespace ApiKeyAuth.TestSupport;

/// <summary>Provides the files of the repository, found from the directory of the tests.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Gets the configuration of the tests: Debug or Release.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Gets the address of the repository, which links on nuget.org start with.</summary>
    public static string Url { get; } = System.Xml.Linq.XDocument.Load(PathOf("Directory.Build.props"))
        .Descendants("RepositoryUrl").Single().Value;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Gets the source files of a package of <c>src</c>, or of one of its folders, without what is built and the content of templates.</summary>
    public static IEnumerable<FileInfo> Sources(string package = "ApiKeyAuth", string folder = "") =>
        new DirectoryInfo(PathOf("src", package, folder)).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !Parts(file).Any(part => part is "bin" or "obj" or "content"));

    /// <summary>Gets the packages of <c>src</c>.</summary>
    public static IEnumerable<string> Packages() => new DirectoryInfo(PathOf("src")).GetDirectories().Select(folder => folder.Name);

    /// <summary>Gets the folders of a file below its package; <c>.</c> for a file of its root.</summary>
    public static string[] Parts(FileInfo file)
    {
        var parts = Path.GetRelativePath(PathOf("src"), file.DirectoryName!).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? ["."] : parts[1..];
    }

    /// <summary>Gets the package of a file.</summary>
    public static string Package(FileInfo file) =>
        Path.GetRelativePath(PathOf("src"), file.DirectoryName!).Split(Path.DirectorySeparatorChar)[0];

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("No folder above the tests contains ApiKeyAuth.sln.")
        : File.Exists(Path.Combine(folder.FullName, "ApiKeyAuth.sln")) ? folder.FullName
        : Find(folder.Parent);
}
