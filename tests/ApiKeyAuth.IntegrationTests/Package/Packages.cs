namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Provides the packages of the library, which the first test that asks for them packs.</summary>
[SetUpFixture, Parallelizable(ParallelScope.Self | ParallelScope.Fixtures)]
internal sealed class Packages
{
    public const string Version = "0.0.1-test";

    private static readonly Lazy<Task<string>> Shared = new(PackAsync);

    /// <summary>Gets the names of the packages of libraries.</summary>
    public static IEnumerable<string> Libraries =>
        Repository.Packages().Where(name => name is not ("ApiKeyAuth.Cli" or "ApiKeyAuth.Templates"));

    /// <summary>Gets the names of all packages but the tool, which has tests of its own.</summary>
    private static IEnumerable<string> Names => [.. Libraries, "ApiKeyAuth.Templates"];

    /// <summary>Gets the folder of the packages.</summary>
    public static Task<string> FolderAsync() => Shared.Value;

    /// <summary>Gets the file of a package.</summary>
    public static async Task<string> FileAsync(string name) => Path.Combine(await FolderAsync(), $"{name}.{Version}.nupkg");

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            Directory.Delete(await Shared.Value, recursive: true);
        }
    }

    // One process packs them all.
    private static async Task<string> PackAsync()
    {
        var folder = Directory.CreateTempSubdirectory("packages-").FullName;
        var projects = string.Join(';', Names.Select(name => Repository.PathOf("src", name, $"{name}.csproj")));
        await File.WriteAllTextAsync(Path.Combine(folder, "Pack.proj"), $"""
            <Project>
              <Target Name="Pack">
                <MSBuild
                  Projects="{projects}"
                  Targets="Pack"
                  BuildInParallel="true"
                  Properties="NoBuild=true;Configuration={Repository.Configuration};MinVerVersionOverride={Version};PackageOutputPath={folder}" />
              </Target>
            </Project>
            """);
        await DotNet.RunAsync(["msbuild", Path.Combine(folder, "Pack.proj"), "-t:Pack", "-nologo"], Repository.Root);
        return folder;
    }
}
