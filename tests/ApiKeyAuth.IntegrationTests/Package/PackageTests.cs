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

    [Test]
    public void Package_Content_HoldsReadmeAndDocumentation()
    {
        using var archive = ZipFile.OpenRead(_package);
        var files = archive.Entries.Select(entry => entry.FullName).ToArray();

        Assert.That(files, Does.Contain("README.md").And.Contain("lib/net10.0/ApiKeyAuth.dll").And.Contain("lib/net10.0/ApiKeyAuth.xml"));
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
