using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ApiKeyAuth.IntegrationTests.Readme;

/// <summary>Compiles the C# blocks of all pages, with the declarations that their text assumes.</summary>
internal sealed class PageCodeTests
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    // Names that a block may use without declaring them. A name that the block declares is left out.
    private static readonly (string Type, string Name)[] Given =
    [
        ("string[]", "args"), ("WebApplicationBuilder", "builder"), ("WebApplication", "app"), ("IConfigurationSection", "section"),
        ("string", "connectionString"), ("ApiKeyAuthOptions", "options"), ("object[]", "agents"),
        ("WebApplicationFactory<Program>", "factory"),
    ];

    // Types of the app that a block uses.
    private static readonly (string Name, string Code)[] Stubs =
    [
        (
            "MyDbContext",
            "public class MyDbContext : DbContext { public DbSet<KeyRow> Keys => Set<KeyRow>(); "
            + "public DbSet<AppUser> Users => Set<AppUser>(); "
            + "public class AppUser { public string Permissions = \"\"; } }"),
        ("PricesHub", "public class PricesHub : Microsoft.AspNetCore.SignalR.Hub;"),
        ("GreeterService", "public class GreeterService;"),
        (
            "KeyRow",
            "public class KeyRow { public long Id; public byte[] Sha256 = []; public string Scopes = \"\"; public bool Enabled; "
            + "public DateTimeOffset? RevokedAt, ExpiresAt; }"),
        (
            "AppDbContext",
            "public class AppDbContext(DbContextOptions<AppDbContext> options) "
            + ": Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityDbContext(options);"),
        (
            "TableStore",
            "public class TableStore : IApiKeyStore { "
            + "public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken token) => default; }"),
        (
            "MyPasswordHasher",
            "public static class MyPasswordHasher { public static bool Verify(ReadOnlySpan<char> key, string hash) => false; }"),
        ("MyStore", "public class MyStore { public static Task<IApiKeyStore> FilledWithAsync(IReadOnlyList<ApiKey> keys) => null!; }"),
        ("MyWritableStore", "public class MyWritableStore { public static Task<IWritableApiKeyStore> CreateEmptyAsync() => null!; }"),
        ("MyAlertStore", "public class MyAlertStore { public static Task<IApiKeyAlertStore> CreateEmptyAsync() => null!; }"),
        ("MyLimiter", "public class MyLimiter { public static IApiKeyRateLimiter Shared => null!; }"),
        ("MyBackplane", "public class MyBackplane { public static Task<IApiKeyBackplane> CreateAsync() => null!; }"),
    ];

    private static IEnumerable<MarkdownBlock> Blocks => MarkdownPage.All.SelectMany(page => page.Blocks("csharp"));

    [Test]
    public void Pages_BlocksOfCode_AreFound() => Assert.That(Blocks.Count(), Is.GreaterThan(50));

    [TestCaseSource(nameof(Blocks))]
    public void Block_WithinItsSurroundings_Compiles(MarkdownBlock markdown)
    {
        var block = markdown.Code;
        var compilation = CSharpCompilation.Create(
            "Readme",
            [CSharpSyntaxTree.ParseText(Surround(block), new CSharpParseOptions(LanguageVersion.Preview))],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.That(errors.Select(error => error.ToString()), Is.Empty, block);
    }

    [Test]
    public void TableStore_OfThePages_IsTheOneThatPassesTheSuite()
    {
        var code = File.ReadAllText(Repository.PathOf("tests", "ApiKeyAuth.IntegrationTests", "Readme", "TableStore.cs"));
        Assert.That(
            Blocks.Select(block => block.Code).Where(block => block.Contains("class TableStore", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Matches<string>(code.Contains));
    }

    /// <summary>Puts the statements of a block into a method, and its types next to the method.</summary>
    private static string Surround(string block)
    {
        // An ellipsis stands for a handler or for the rest of a text.
        var root = CSharpSyntaxTree.ParseText(
            block.Replace(", …)", ", () => \"\")", StringComparison.Ordinal),
            new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot();
        var statements = string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(member => member.ToFullString()));
        var types = string.Concat(
            root.Members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()));
        var given = Given.Where(value => !Regex.IsMatch(statements, $@"\b(var|string) {value.Name} ="));
        var stubs = Stubs.Where(stub => Regex.IsMatch(block, $@"\b{stub.Name}\b") && !Regex.IsMatch(types, $@"class {stub.Name}\b"));
        if (block.Contains("MyDbContext", StringComparison.Ordinal))
        {
            stubs = stubs.Append(Stubs.Single(stub => stub.Name == "KeyRow")).Distinct();
        }

        return $$"""
            {{Usings}}
            public static class Surroundings
            {
                public static async Task RunAsync({{string.Join(", ", given.Select(value => $"{value.Type} {value.Name}"))}})
                {
                    await Task.Yield();
                    {{statements}}
                }
            }
            {{types}}
            {{string.Join('\n', stubs.Select(stub => stub.Code))}}
            """;
    }

    private const string Usings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net; using System.Net.Http;
        using System.Net.Http.Json; using System.Security.Claims; using System.Threading; using System.Threading.RateLimiting;
        using System.Threading.Tasks;
        using Microsoft.AspNetCore.Authentication; using Microsoft.AspNetCore.Authentication.JwtBearer;
        using Microsoft.AspNetCore.Authorization; using Microsoft.AspNetCore.Builder; using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.HttpOverrides; using Microsoft.AspNetCore.Identity; using Microsoft.AspNetCore.Mvc;
        using Microsoft.AspNetCore.Mvc.Testing; using Microsoft.AspNetCore.OutputCaching; using Microsoft.EntityFrameworkCore;
        using Microsoft.Extensions.Compliance.Classification; using Microsoft.Extensions.Configuration;
        using Microsoft.Extensions.DependencyInjection; using Microsoft.Extensions.Logging; using Microsoft.Extensions.Time.Testing;
        using Microsoft.OpenApi; using Swashbuckle.AspNetCore.SwaggerGen;
        using ApiKeyAuth; using ApiKeyAuth.Alerts; using ApiKeyAuth.Authentication; using ApiKeyAuth.Authorization;
        using ApiKeyAuth.Backplane; using ApiKeyAuth.Dashboard; using ApiKeyAuth.Diagnostics; using ApiKeyAuth.InMemory;
        using ApiKeyAuth.Keys; using ApiKeyAuth.Keys.Formats; using ApiKeyAuth.Keys.Hashes;
        using ApiKeyAuth.Management; using ApiKeyAuth.Management.Endpoints; using ApiKeyAuth.RateLimiting; using ApiKeyAuth.Stores;
        using ApiKeyAuth.Conformance.Limiters; using ApiKeyAuth.Conformance.Nodes; using ApiKeyAuth.Conformance.Stores;
        using ApiKeyAuth.Testing.Apps; using NUnit.Framework; using OpenTelemetry.Metrics; using OpenTelemetry.Trace;
        """;
}
