using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ApiKeyAuth.IntegrationTests.OpenApi;

/// <summary>Represents an app with a document of its own API, one of the management API, and the page of Scalar.</summary>
internal sealed class DocumentedApp : IAsyncDisposable
{
    /// <summary>The names of the documents.</summary>
    public static readonly string[] Documents = ["v1", "keys"];

    private readonly WebApplication _app;

    private DocumentedApp(WebApplication app, string key) => (_app, Key) = (app, key);

    public string Address => _app.Urls.First();

    /// <summary>Gets a key with all scopes.</summary>
    public string Key { get; }

    public static async Task<DocumentedApp> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth(options =>
        {
            foreach (var scope in new[] { "orders:read", "orders:write", "keys:read", "keys:write", "keys:verify" })
            {
                options.Scopes.Add(new ScopeDefinition { Name = scope });
            }
        }).AddInMemoryStore();
        foreach (var name in Documents)
        {
            builder.Services.AddOpenApi(name, options =>
            {
                options.ShouldInclude = description => description.GroupName == "keys" == (name == "keys");
                options.AddApiKeyAuth().AddDocumentTransformer(DescribeAsync);
            });
        }

        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapOpenApi();
        app.MapScalarApiReference();
        app.MapGet("/orders", () => new[] { "order 1" }).RequireScope("orders:read")
            .WithName("ListOrders").WithSummary("Lists orders.").WithTags("Orders");
        app.MapPost("/orders/{name}", (string name) => Results.NoContent()).RequireScope("orders:write")
            .WithName("AddOrder").WithSummary("Adds an order.").WithTags("Orders").Produces(204);
        app.MapApiKeys("/api-keys").MapImport().RequireKeyScopes().WithGroupName("keys");
        await app.StartAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var created = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>()
            .CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = "All", Environment = "test", Scopes = ["*"] });
        return new DocumentedApp(app, created.Value!.Secret);
    }

    /// <summary>Writes a document to a file of a folder.</summary>
    /// <returns>The path of the file.</returns>
    public async Task<string> WriteAsync(string folder, string name)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var file = Path.Combine(folder, $"document-{name}.json");
        await File.WriteAllTextAsync(file, await client.GetStringAsync($"{Address}/openapi/{name}.json"));
        return file;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Describes what only an app knows, which the recommended rules of linters ask for.</summary>
    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken token)
    {
        document.Info.Description = "An API.";
        document.Info.Contact = new() { Name = "Support", Email = "support@example.com", Url = new Uri("https://example.com") };
        document.Info.License = new() { Name = "MIT", Url = new Uri("https://example.com/license") };
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = "Some operations.";
        }

        return Task.CompletedTask;
    }
}
