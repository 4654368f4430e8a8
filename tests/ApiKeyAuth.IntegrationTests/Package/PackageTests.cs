using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Packs the library and uses it like a new user: an empty folder, one package reference, three lines.</summary>
internal sealed class PackageTests
{
    private string _folder = null!;
    private string _package = null!;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        _folder = Directory.CreateTempSubdirectory("package-").FullName;
        _package = await Packages.FileAsync("ApiKeyAuth");
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Package_Dependencies_AreTheFrameworkAlone()
    {
        Assert.That(Named(_package, "dependency"), Is.Empty);
        Assert.That(Named(_package, "frameworkReference"), Is.EqualTo(new[] { "Microsoft.AspNetCore.App" }));
    }

    [Test]
    public async Task TestingPackage_Dependencies_IncludeNoTestFramework()
    {
        string[] dependencies = ["ApiKeyAuth", "Microsoft.AspNetCore.Mvc.Testing", "Microsoft.Extensions.TimeProvider.Testing"];

        Assert.That(Named(await Packages.FileAsync("ApiKeyAuth.Testing"), "dependency"), Is.EqualTo(dependencies));
    }

    [TestCaseSource(typeof(Packages), nameof(Packages.Libraries))]
    public async Task Package_OfALibrary_HasReadmeIconLicenseDocumentationAndSymbols(string name)
    {
        var package = await Packages.FileAsync(name);
        var properties = ReadProperties(package);

        Assert.That(
            FilesOf(package),
            Is.SupersetOf(new[] { "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" }));
        Assert.That(FilesOf(Path.ChangeExtension(package, "snupkg")), Does.Contain($"lib/net10.0/{name}.pdb"));
        Assert.That(properties["readme"], Is.EqualTo("README.md"));
        Assert.That(properties["icon"], Is.EqualTo("icon.png"));
        Assert.That(properties["license"], Is.EqualTo("MIT"));
        Assert.That(properties["projectUrl"], Is.EqualTo(Repository.Url));
        Assert.That(properties["description"], Is.Not.Empty);
        Assert.That(properties["tags"], Does.Contain("api-key"));
        Assert.That(properties["releaseNotes"], Does.EndWith("CHANGELOG.md"));
    }

    [Test]
    public void Package_Schema_IsOfferedToEditorsOfAppsAndOfLibraries() =>
        Assert.That(
            FilesOf(_package), Is.SupersetOf(new[] { "ConfigurationSchema.json", "buildTransitive/ApiKeyAuth.targets" }));

    [Test]
    public async Task Package_Build_IsDeterministicValidatedAndToleratesMissingAuditData()
    {
        var output = await DotNet.RunAsync(
            [
                "msbuild", "src/ApiKeyAuth", "-p:CI=true",
                "-getProperty:Deterministic,ContinuousIntegrationBuild,EmbedUntrackedSources,EnablePackageValidation,WarningsNotAsErrors",
            ],
            Repository.Root);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        var properties = json.RootElement.GetProperty("Properties").EnumerateObject()
            .ToDictionary(property => property.Name, property => property.Value.GetString());

        Assert.That(properties["WarningsNotAsErrors"], Does.Contain("NU1900").And.Contain("NU1905").And.Not.Contain("NU1901"));
        properties.Remove("WarningsNotAsErrors");
        Assert.That(properties.Values, Is.All.EqualTo("true"), output);
    }

    [Test, Category("Long")]
    public async Task Package_InAnEmptyApp_ServesScopedAndLimitedRequests()
    {
        var secret = "sk_live_" + new string('k', 43);
        WriteApp(
            await Packages.FolderAsync(),
            Path.Combine(_folder, "app"),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))));
        await using var app = new RunningProcess(
            "dotnet", ["run", "--urls", "http://127.0.0.1:0"], Path.Combine(_folder, "app"),
            new Dictionary<string, string?> { ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages") });
        using var client = new HttpClient { BaseAddress = new Uri((await app.WaitForAsync("Now listening on: ")).Trim()) };

        Assert.That(await StatusAsync(client, null), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(client, secret), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(client, secret, "/forbidden"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(client, secret), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(client, secret), Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    private static string[] FilesOf(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    private static Dictionary<string, string> ReadProperties(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single().Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
    }

    private static string[] Named(string package, string element)
    {
        using var archive = ZipFile.OpenRead(package);
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return
        [
            .. XDocument.Load(stream).Descendants()
                .Where(node => node.Name.LocalName == element)
                .Select(node => (string)(node.Attribute("id") ?? node.Attribute("name"))!),
        ];
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string? secret, string path = "/agents")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (secret is not null)
        {
            request.Headers.Authorization = new("Bearer", secret);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static void WriteApp(string packages, string folder, string hash)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{packages}" /></packageSources></configuration>
            """);
        File.WriteAllText(Path.Combine(folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="ApiKeyAuth" Version="{Packages.Version}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
            var app = builder.Build();
            app.UseApiKeyAuth();
            app.MapGet("/agents", () => "ok").RequireScope("agents:read");
            app.MapGet("/forbidden", () => "ok").RequireScope("agents:write");
            app.Run();
            """);
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), $$"""
            {
              "ApiKeyAuth": {
                "Format": { "Prefix": "sk", "Checksum": false },
                "Keys": [ { "Id": "key_1", "Hash": "sha256:{{hash}}", "Scopes": [ "agents:read" ], "RateLimits": "2/hour" } ]
              }
            }
            """);
    }
}
