using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Runs a conformance suite with the packages in a project outside the repository, with a fixture of one line.</summary>
[Category("Long"), Parallelizable(ParallelScope.All), FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed partial class ConformancePackageTests
{
    /// <summary>The number of tests in <c>ApiKeyLookupConformance</c>.</summary>
    private const int LookupTests = 27;

    private string _folder = null!;

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("conformance-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Fixture_OfOneLine_RunsEveryTestOfTheSuite([Values] bool isMarked)
    {
        WriteProject(await Packages.FolderAsync(), isMarked);
        var output = await DotNet.RunAsync(["test"], _folder);

        Assert.That(Passed().Match(output).Groups[1].Value, Is.EqualTo($"{LookupTests}"), output);
    }

    private void WriteProject(string packages, bool isMarked)
    {
        var versions = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(element => (string)element.Attribute("Include")!, element => (string)element.Attribute("Version")!);
        File.WriteAllText(Path.Combine(_folder, "Tests.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{packages}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ApiKeyAuth.Conformance" Version="{Packages.Version}" />
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="{versions["Microsoft.NET.Test.Sdk"]}" />
                <PackageReference Include="NUnit3TestAdapter" Version="{versions["NUnit3TestAdapter"]}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(_folder, "MyStoreTests.cs"), $$"""
            using ApiKeyAuth.Conformance.Stores;
            using ApiKeyAuth.InMemory;
            using ApiKeyAuth.Keys;
            using ApiKeyAuth.Stores;

            {{(isMarked ? "[NUnit.Framework.TestFixture]" : "")}}
            public sealed class MyStoreTests : ApiKeyLookupConformance
            {
                protected override async ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys) =>
                    await MyStore.FilledWithAsync(keys);
            }

            public static class MyStore
            {
                public static async Task<IApiKeyStore> FilledWithAsync(IReadOnlyList<ApiKey> keys)
                {
                    var store = new InMemoryApiKeyStore();
                    foreach (var key in keys)
                    {
                        var entry = new ApiKeyAuditEntry
                        {
                            Id = Guid.CreateVersion7(), At = key.CreatedAt, Action = "create", KeyId = key.Id, Actor = "me", Changes = "{}",
                        };
                        await store.AddAsync(key, [], entry, default);
                    }

                    return store;
                }
            }
            """);
    }

    [GeneratedRegex(@"Passed: +(\d+)")]
    private static partial Regex Passed();
}
