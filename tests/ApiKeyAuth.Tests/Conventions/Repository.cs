namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Provides the files of the repository, found from the directory of the tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Package { get; } = Path.Combine(Root, "src", "ApiKeyAuth");

    /// <summary>Returns the source files below a folder of the package, without build output.</summary>
    public static IEnumerable<FileInfo> Sources(string folder = "") =>
        new DirectoryInfo(Path.Combine(Package, folder)).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !Parts(file).Any(part => part is "bin" or "obj"));

    /// <summary>Returns the names of the folders of a file below the package.</summary>
    public static string[] Parts(FileInfo file) => Path.GetRelativePath(Package, file.DirectoryName!).Split(Path.DirectorySeparatorChar);

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("No folder above the tests contains ApiKeyAuth.sln.")
        : File.Exists(Path.Combine(folder.FullName, "ApiKeyAuth.sln")) ? folder.FullName
        : Find(folder.Parent);
}
