using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Builds an app whose OpenAPI document is generated within the build, on a machine that has none of its servers.</summary>
[Category("Long")]
internal sealed class BuildTimeDocumentTests
{
    private DirectoryInfo _folder = null!;
    private (int ExitCode, string Output) _build;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        _folder = Directory.CreateTempSubdirectory("document-");
        WriteApp();
        _build = await RunningProcess.RunAsync(
            "dotnet", ["build", "--nologo", "-nodeReuse:false", "-v", "m"], _folder.FullName, timeout: TimeSpan.FromMinutes(5));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public async Task Build_WithoutDatabaseBackplaneAndFile_GeneratesTheDocument()
    {
        Assert.That(_build.ExitCode, Is.Zero, _build.Output);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "App.json")), Does.Contain("\"/agents\""));
        Assert.That(_build.Output, Does.Contain("seeding skipped"));
    }

    [Test]
    public async Task Run_WithoutTheDatabase_StopsAtTheMigration()
    {
        Assert.That(_build.ExitCode, Is.Zero, _build.Output);

        var (exitCode, log) = await RunningProcess.RunAsync(
            "dotnet", [Path.Combine("bin", "Debug", "net10.0", "App.dll")], _folder.FullName);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(log, Does.Contain("Failed to connect").And.Not.Contain("seeding skipped"));
    }

    private void WriteApp()
    {
        // With the libraries of this run and their dependencies.
        var references = string.Concat(new[]
            {
                "ApiKeyAuth",
                "ApiKeyAuth.EntityFrameworkCore",
                "ApiKeyAuth.MaxMind",
                "ApiKeyAuth.PostgreSql",
                "ApiKeyAuth.Redis",
                "StackExchange.Redis",
            }
            .Select(name => $"""<Reference Include="{Path.Combine(AppContext.BaseDirectory, name + ".dll")}" />"""));
        File.WriteAllText(Path.Combine(_folder.FullName, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <OpenApiDocumentsDirectory>.</OpenApiDocumentsDirectory>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.AspNetCore.OpenApi" Version="{VersionOf("Microsoft.AspNetCore.OpenApi")}" />
                <PackageReference Include="Microsoft.Extensions.ApiDescription.Server" Version="{VersionOf("Microsoft.AspNetCore.OpenApi")}" />
                {references}
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(_folder.FullName, "Program.cs"), """
            using ApiKeyAuth.Configuration;

            const string Database = "Host=127.0.0.1;Port=1;Username=u;Database=d;Timeout=2";
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddOpenApi();
            builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"))
                .AddPostgreSql(Database)
                .AddRedis("127.0.0.1:1")
                .AddPostgreSqlBackplane(Database).MigrateOnStartup()
                .AddMaxMind("countries.mmdb");
            var app = builder.Build();
            app.UseApiKeyAuth();
            app.MapOpenApi();
            app.MapGet("/agents", () => "ok").RequireScope("agents:read");
            await app.Services.MigrateApiKeysAsync();
            if (ApiKeyBuildTime.IsActive)
            {
                Console.WriteLine("seeding skipped");
            }

            app.Run();
            """);
    }

    private static string VersionOf(string package) =>
        Regex.Match(
            File.ReadAllText(Repository.PathOf("Directory.Packages.props")),
            $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\"").Groups[1].Value;
}
