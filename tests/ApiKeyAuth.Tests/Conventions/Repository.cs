namespace ApiKeyAuth.Tests.Conventions;

/// <summary>The sources, found from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Package { get; } = Path.Combine(Root, "src", "ApiKeyAuth");

    /// <summary>The source files below a folder of the package, but for what is built.</summary>
    public static IEnumerable<FileInfo> Sources(string folder = "") =>
        new DirectoryInfo(Path.Combine(Package, folder)).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !Parts(file).Any(part => part is "bin" or "obj"));

    /// <summary>The folders of a file below the package.</summary>
    public static string[] Parts(FileInfo file) => Path.GetRelativePath(Package, file.DirectoryName!).Split(Path.DirectorySeparatorChar);

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("ApiKeyAuth.sln is in no folder above the tests.")
        : File.Exists(Path.Combine(folder.FullName, "ApiKeyAuth.sln")) ? folder.FullName
        : Find(folder.Parent);
}
