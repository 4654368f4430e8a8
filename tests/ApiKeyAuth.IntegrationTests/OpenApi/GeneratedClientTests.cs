using System.Reflection;
using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ApiKeyAuth.IntegrationTests.OpenApi;

/// <summary>Generates a client from the document of the management API with Kiota, compiles it and calls the app with it.</summary>
[Category("Long")]
internal sealed class GeneratedClientTests
{
    private const string Caller = """
        using Keys.Models;
        using Microsoft.Kiota.Abstractions;
        using Microsoft.Kiota.Abstractions.Authentication;
        using Microsoft.Kiota.Http.HttpClientLibrary;

        public static class Caller
        {
            public static async System.Threading.Tasks.Task<string> RunAsync(string address, string key)
            {
                // Kiota's own provider for API keys requires https.
                using var http = new System.Net.Http.HttpClient(new System.Net.Http.SocketsHttpHandler { UseProxy = false });
                http.DefaultRequestHeaders.Add("X-API-Key", key);
                var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = address };
                var keys = new Keys.KeysClient(adapter).ApiKeys;
                var created = await keys.PostAsync(new NewApiKeyDocument { Name = "Billing", Scopes = ["orders:read"] });
                var found = await keys.GetAsync(request => request.QueryParameters.Name = "Billing");
                var changed = await keys[created!.Id!].PatchAsync(new ApiKeyPatchDocument { Name = "Invoices" });
                var revoked = await keys[created.Id!].Revoke.PostAsync(new ApiKeyRevocationDocument { Reason = "replaced" });
                var imported = await keys.Import.PostAsync(new ApiKeyImportDocument
                {
                    Keys = [new ImportedApiKeyDocument { Name = "Old", Hash = new string('a', 64), Scopes = [] }],
                });
                var status = 0;
                try
                {
                    await keys["missing"].GetAsync();
                }
                catch (ApiException exception)
                {
                    status = exception.ResponseStatusCode;
                }

                var outcome = imported!.Keys![0].Outcome;
                return $"{created.Key!.Length > 40} {found!.Keys!.Count} {changed!.Name} {revoked!.Status} {outcome} {status}";
            }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("client-");

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public async Task Client_OfTheManagementApi_CreatesChangesRevokesAndImportsKeys()
    {
        await using var app = await DocumentedApp.StartAsync();
        await GenerateAsync(await app.WriteAsync(_folder.FullName, "keys"));

        var result = await (Task<string>)Compile().GetType("Caller")!.GetMethod("RunAsync")!.Invoke(null, [app.Address, app.Key])!;

        Assert.That(result, Is.EqualTo("True 1 Invoices revoked imported 404"));
    }

    private async Task GenerateAsync(string document)
    {
        var restored = await RunAsync("tool", "restore");
        if (restored.ExitCode != 0)
        {
            Installed.Missing($"The tools of .config/dotnet-tools.json could not be restored: {restored.Output}");
        }

        var (exitCode, output) = await RunAsync(
            "kiota", "generate", "--language", "CSharp", "--openapi", document, "--output", Path.Combine(_folder.FullName, "client"),
            "--class-name", "KeysClient", "--namespace-name", "Keys", "--exclude-backward-compatible");
        Assert.That(exitCode, Is.Zero, output);
    }

    private Assembly Compile()
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpParseOptions(
            LanguageVersion.Preview, preprocessorSymbols: ["NETCOREAPP3_1_OR_GREATER", "NET5_0_OR_GREATER"]);
        var compilation = CSharpCompilation.Create(
            "Client",
            Directory.GetFiles(_folder.FullName, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).Append(Caller)
                .Select(text => CSharpSyntaxTree.ParseText(text, options)),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream);
        Assert.That(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        return Assembly.Load(stream.ToArray());
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunningProcess.RunAsync(
        "dotnet", arguments, Repository.Root, new Dictionary<string, string?> { ["KIOTA_OFFLINE_ENABLED"] = "true" });
}
