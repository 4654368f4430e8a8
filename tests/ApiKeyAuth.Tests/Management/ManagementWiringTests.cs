using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Management;

public sealed class ManagementWiringTests
{
    [Test]
    public void Start_WithoutPolicies_StopsAndNamesTheCalls() =>
        Assert.That(
            async () => await ManagedApp.StartAsync(policies: _ => { }),
            Throws.InvalidOperationException.With.Message.Contains("MapApiKeys().Read").And.Message.Contains("MapApiKeys().Write")
                .And.Message.Contains("MapApiKeys().Verify").And.Message.Contains("RequireKeyScopes()"));

    [Test]
    public void Start_OneGroupWithoutPolicyOrAnonymous_StopsAndNamesIt()
    {
        Assert.That(
            async () => await ManagedApp.StartAsync(policies: keys =>
            {
                keys.Read.RequireScope("keys:read");
                keys.Verify.RequireScope("keys:verify");
            }),
            Throws.InvalidOperationException.With.Message.Contains(
                "MapApiKeys().Write has no policy").And.Message.Not.Contains("MapApiKeys().Read has"));
        Assert.That(
            async () => await ManagedApp.StartAsync(policies: keys => keys.RequireKeyScopes().AllowAnonymous()),
            Throws.InvalidOperationException.With.Message.Contains("MapApiKeys().Read has no policy"));
    }

    [Test]
    public async Task Start_OnePolicyForAll_IsEnough()
    {
        await using var app = await ManagedApp.StartAsync(policies: keys => keys.RequireScope("admin"));
        Assert.That(
            (await app.GetAsync("/api-keys", await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["admin"]) }))).Status,
            Is.EqualTo(200));
        Assert.That((await app.GetAsync("/api-keys", await app.AdminAsync())).Status, Is.EqualTo(403));
        Assert.That((await app.PostAsync("/api-keys/revoke-leaked", null, """{"key":"x"}""")).Status, Is.EqualTo(204), "it stays open");
    }

    [Test]
    public void Start_NoWritableStore_StopsAndNamesTheFix() =>
        Assert.That(
            async () => await TestApp.StartAsync(web => web.MapApiKeys().RequireKeyScopes(), store: new ScriptedStore()),
            Throws.InvalidOperationException.With.Message.Contains("AddInMemoryStore()"));

    [Test]
    public void Map_WithoutAddApiKeyAuth_Throws()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        Assert.That(() => app.MapApiKeys(), Throws.InvalidOperationException.With.Message.Contains("AddApiKeyAuth()"));
    }

    [Test]
    public async Task Map_Twice_ServesBothPrefixes()
    {
        await using var app = await ManagedApp.StartAsync(endpoints: web => web.MapApiKeys("/admin/keys").RequireKeyScopes());
        var admin = await app.AdminAsync(null, "a:read");
        var made = await app.PostAsync("/admin/keys", admin, """{"name":"n"}""");
        Assert.That(made.Header("Location"), Is.EqualTo("/admin/keys/" + made["id"]));
        Assert.That((await app.GetAsync("/api-keys/" + made["id"], admin)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task OpenApi_Document_ListsEveryEndpoint()
    {
        await using var app = await ManagedApp.StartAsync(services: all => all.AddOpenApi(), endpoints: web => web.MapOpenApi());

        var document = await app.GetAsync("/openapi/v1.json", null);

        Assert.That(document.Status, Is.EqualTo(200), document.Body);
        var operations = document.Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Key: $"{operation.Name} {path.Name}", operation.Value)))
            .Where(operation => operation.Key.Contains("/api-keys", StringComparison.Ordinal))
            .ToDictionary(operation => operation.Key, operation => operation.Value);
        Assert.That(operations.Keys, Is.EquivalentTo(new[]
        {
            "get /api-keys", "post /api-keys", "get /api-keys/{id}", "patch /api-keys/{id}", "delete /api-keys/{id}",
            "get /api-keys/{id}/audit", "get /api-keys/{id}/usage",
            "post /api-keys/{id}/rotate", "post /api-keys/{id}/rotate/complete", "post /api-keys/{id}/rotate/cancel",
            "post /api-keys/{id}/revoke", "post /api-keys/verify", "post /api-keys/revoke-leaked", "get /api-keys/self",
            "get /api-keys/alerts", "put /api-keys/alerts", "delete /api-keys/alerts",
            "get /api-keys/{id}/alerts", "put /api-keys/{id}/alerts", "delete /api-keys/{id}/alerts",
        }));
        Assert.That(
            operations.Values.Where(
                operation => !operation.TryGetProperty("summary", out _) || !operation.TryGetProperty("operationId", out _)),
            Is.Empty);
        Assert.That(
            Names(operations["get /api-keys"]),
            Is.EquivalentTo(new[] { "owner", "environment", "status", "name", "unusedDays", "limit", "cursor", "total" }));
        Assert.That(Names(operations["get /api-keys/{id}"]), Is.EqualTo(new[] { "id" }));
        Assert.That(
            operations["post /api-keys"].GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetRawText(),
            Does.Contain("NewApiKeyDocument"));
        Assert.That(
            operations["post /api-keys"].GetProperty("responses").EnumerateObject().Select(response => response.Name),
            Is.EquivalentTo(new[] { "201", "400", "409", "503" }));
        Assert.That(
            document.Json.GetProperty("components").GetProperty("schemas").GetProperty("ApiKeyDocument").GetProperty("properties")
                .TryGetProperty("usageCount", out _));
    }

    [Test]
    public async Task OpenApi_AppWithAddProblemDetails_HasTheSameDocument()
    {
        var documents = new List<string>();
        foreach (var usesService in new[] { false, true })
        {
            await using var app = await ManagedApp.StartAsync(
                services: all => _ = usesService ? all.AddOpenApi().AddProblemDetails() : all.AddOpenApi(),
                endpoints: web => web.MapOpenApi());
            var json = (await app.GetAsync("/openapi/v1.json", null)).Json;
            documents.Add($"{json.GetProperty("paths").GetRawText()} {json.GetProperty("components").GetRawText()}");
        }

        Assert.That(documents[1], Is.EqualTo(documents[0]).And.Contains("ApiKeyProblemDocument"));
    }

    [Test]
    public void Settings_All_AreRead()
    {
        var management = Options(new()
        {
            ["MaxLifetime"] = "365d",
            ["DefaultLifetime"] = "90d",
            ["MaxRotationGrace"] = "7d",
            ["MaxSecretAge"] = "80d",
            ["MaxKeysPerTenant"] = "100",
            ["MaxKeysPerOwner"] = "5",
            ["MaxMetadataLength"] = "100",
            ["RevokeLeaked"] = "5/minute",
            ["UuidIds"] = "true",
        });
        Assert.That((management.MaxLifetime, management.DefaultLifetime, management.MaxRotationGrace, management.MaxSecretAge),
            Is.EqualTo((TimeSpan.FromDays(365), TimeSpan.FromDays(90), TimeSpan.FromDays(7), TimeSpan.FromDays(80))));
        Assert.That(
            (management.MaxKeysPerTenant, management.MaxKeysPerOwner, management.MaxMetadataLength, management.RevokeLeaked.ToString()),
            Is.EqualTo((100, 5, 100, "5/minute")));
        Assert.That(Guid.TryParse(management.NewId(), out _));
        Assert.That(Options(new() { ["RevokeLeaked"] = "none", ["MaxLifetime"] = "none" }).RevokeLeaked, Is.Null);
    }

    [TestCase("MaxLifetime", "1h")]
    [TestCase("MaxLifetime", "90")]
    [TestCase("DefaultLifetime", "23h")]
    [TestCase("MaxRotationGrace", "31d")]
    [TestCase("MaxSecretAge", "0s")]
    [TestCase("SecretAgeNotice", "366d")]
    [TestCase("MaxKeysPerTenant", "0")]
    [TestCase("MaxKeysPerOwner", "-1")]
    [TestCase("MaxMetadataLength", "65537")]
    [TestCase("RevokeLeaked", "often")]
    [TestCase("UuidIds", "hunter2")]
    [TestCase("Color", "red")]
    public void Settings_Invalid_AreReported(string name, string value) =>
        Assert.That(
            () => Options(new() { [name] = value }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains($"Management:{name}").And.Message.Not.Contains("hunter2"));

    private static string[] Names(JsonElement operation) =>
        [.. operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!)];

    private static ApiKeyManagementOptions Options(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create($"ApiKeyAuth:Management:{setting.Key}", setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddApiKeyAuth(configuration.GetSection("ApiKeyAuth"));
        return services.BuildServiceProvider().GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.Management;
    }
}
