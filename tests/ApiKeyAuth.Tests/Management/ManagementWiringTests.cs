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
        await using var app = await ManagedApp.StartAsync(
            services: all => all.AddOpenApi(),
            policies: keys => keys.MapImport().RequireKeyScopes(),
            endpoints: web => web.MapOpenApi());

        var document = await app.GetAsync("/openapi/v1.json", null);

        Assert.That(document.Status, Is.EqualTo(200), document.Body);
        var operations = document.Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Key: $"{operation.Name} {path.Name}", operation.Value)))
            .Where(operation => operation.Key.Contains("/api-keys", StringComparison.Ordinal))
            .ToDictionary(operation => operation.Key, operation => operation.Value);
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
            operations.ToDictionary(operation => operation.Key, operation => Statuses(operation.Value)),
            Is.EquivalentTo(new Dictionary<string, string>
            {
                ["get /api-keys"] = "200 400 503",
                ["post /api-keys"] = "201 400 409 500 503",
                ["get /api-keys/{id}"] = "200 404 503",
                ["patch /api-keys/{id}"] = "200 400 404 409 412 500 503",
                ["delete /api-keys/{id}"] = "204 404 409 412 500 503",
                ["get /api-keys/{id}/audit"] = "200 400 404 503",
                ["get /api-keys/{id}/usage"] = "200 400 404 503",
                ["post /api-keys/{id}/rotate"] = "200 400 404 409 412 500 503",
                ["post /api-keys/{id}/rotate/complete"] = "200 400 404 409 412 500 503",
                ["post /api-keys/{id}/rotate/cancel"] = "200 400 404 409 412 500 503",
                ["post /api-keys/{id}/revoke"] = "200 400 404 409 500 503",
                ["post /api-keys/import"] = "200 400 409 500 503",
                ["post /api-keys/verify"] = "200 400 503",
                ["post /api-keys/revoke-leaked"] = "204 400 429 500 503",
                ["get /api-keys/self"] = "200 503",
                ["get /api-keys/alerts"] = "200 503",
                ["put /api-keys/alerts"] = "200 400 503",
                ["delete /api-keys/alerts"] = "200 503",
                ["get /api-keys/{id}/alerts"] = "200 404 503",
                ["put /api-keys/{id}/alerts"] = "200 400 404 503",
                ["delete /api-keys/{id}/alerts"] = "200 404 503",
            }));
        Assert.That(
            document.Json.GetProperty("components").GetProperty("schemas").GetProperty("ApiKeyDocument").GetProperty("properties")
                .TryGetProperty("usageCount", out _));
    }

    private static string Statuses(JsonElement operation) => string.Join(
        ' ', operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));

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
