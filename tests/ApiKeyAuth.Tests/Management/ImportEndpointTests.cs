using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests the endpoint that imports keys by the hashes of their secrets.</summary>
public sealed class ImportEndpointTests
{
    private const string Path = "/api-keys/import";

    private ManagedApp _app = null!;
    private string _admin = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _app = await ManagedApp.StartAsync(
            policies: keys => keys.MapImport().RequireKeyScopes(),
            services: all => all.AddSingleton<IApiKeyOwnerPermissions, Owners>());
        _admin = await _app.AdminAsync(key => key with { TenantId = "t1" }, "a:read");
    }

    [TearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Import_Keys_AreAcceptedAndAuditedInTheTenantOfTheCaller()
    {
        var secret = NewSecret();

        var imported = await PostAsync(
            Key("Ada", secret, ("scopes", new JsonArray("a:read")), ("createdAt", "2020-01-02T03:04:05Z"), ("hint", secret[^4..])),
            Key("Old", NewSecret(), ("enabled", false), ("expiresAt", "2020-12-31")));

        Assert.That(imported.Status, Is.EqualTo(200), imported.Body);
        Assert.That(imported.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(Outcomes(imported), Is.EqualTo(new[] { "imported", "imported" }));
        Assert.That(await _app.UseAsync(secret), Is.EqualTo(200));
        var id = imported.Json.GetProperty("keys")[0].GetProperty("id").GetString()!;
        var key = await _app.GetAsync($"/api-keys/{id}", _admin);
        Assert.That((key["tenantId"], key["createdAt"], key["hint"]), Is.EqualTo(("t1", "2020-01-02T03:04:05Z", secret[^4..])));
        var audit = await _app.GetAsync($"/api-keys/{id}/audit", _admin);
        Assert.That(audit.Body, Does.Contain("\"action\":\"import\",").And.Contain("key:key1"));
    }

    [Test]
    public async Task Import_OneFaultyKey_StoresNoneAndNamesEachFault()
    {
        var taken = await CreateElsewhereAsync();
        var good = NewSecret();

        var rejected = await PostAsync(
            Key("Good", good),
            Key("Environment", NewSecret(), ("environment", "nowhere")),
            Key("", NewSecret()),
            Key("Hash", NewSecret(), ("hash", "none"), ("createdAt", "soon")),
            Key("Scope", NewSecret(), ("scopes", new JsonArray("b:write"))),
            Key("Taken", taken),
            Key("Twice", good),
            null);

        Assert.That((rejected.Status, rejected.Code), Is.EqualTo((400, "invalid_request")), rejected.Body);
        Assert.That(rejected["detail"], Is.EqualTo("7 of 8 API keys are faulty, so that none was imported"));
        Assert.That(
            rejected.Fields,
            Is.EquivalentTo(new[]
            {
                "keys[1].environment", "keys[2].name", "keys[3].hash", "keys[4]", "keys[5]", "keys[6]", "keys[7].hash",
            }));
        Assert.That(rejected.Body, Does.Contain("The caller does not have the scopes of the key: b:write"));
        Assert.That(await _app.UseAsync(good, "/any"), Is.EqualTo(401));
    }

    [Test]
    public async Task Import_Repeated_ReportsThatTheKeysExist()
    {
        var (first, second) = (NewSecret(), NewSecret());
        var imported = await PostAsync(Key("Ada", first));

        var repeated = await PostAsync(Key("Ada", first), Key("Bob", second));
        var renamed = await PostAsync(Key("Another name", first));

        Assert.That(Outcomes(repeated), Is.EqualTo(new[] { "exists", "imported" }), repeated.Body);
        Assert.That(
            repeated.Json.GetProperty("keys")[0].GetProperty("id").GetString(),
            Is.EqualTo(imported.Json.GetProperty("keys")[0].GetProperty("id").GetString()));
        Assert.That((renamed.Status, renamed.Code), Is.EqualTo((409, "conflict")));
        Assert.That(await _app.UseAsync(second, "/any"), Is.EqualTo(200));
    }

    [Test]
    public async Task Import_DryRun_StoresNothing()
    {
        var secret = NewSecret();

        var checkedKeys = await SendAsync(new JsonObject { ["keys"] = new JsonArray(Key("Ada", secret)), ["dryRun"] = true });

        Assert.That(Outcomes(checkedKeys), Is.EqualTo(new[] { "valid" }), checkedKeys.Body);
        Assert.That(await _app.UseAsync(secret, "/any"), Is.EqualTo(401));
    }

    [TestCase("""{"keys":[{"name":"n","hash":"h","id":"k1"}]}""", "keys[0].id")]
    [TestCase("""{"keys":[{"name":"n","hash":"h","tenantId":"t2"}]}""", "keys[0].tenantId")]
    [TestCase("""{"keys":[{"name":"n","hash":"h"},{"name":1}]}""", "keys[1].name")]
    [TestCase("""{"keys":[{"metadata":{"a":1}}]}""", "keys[0].metadata")]
    [TestCase("""{"keys":["sha256"]}""", "keys[0]")]
    [TestCase("""{"keys":{}}""", "keys")]
    [TestCase("""{"keys":[]}""", "keys")]
    [TestCase("{}", "keys")]
    public async Task Import_InvalidBody_NamesTheMember(string body, string field)
    {
        var rejected = await _app.PostAsync(Path, _admin, body);

        Assert.That((rejected.Status, rejected.Fields), Is.EqualTo((400, new[] { field })), rejected.Body);
    }

    [Test]
    public async Task Import_TooManyKeysOrBytes_IsRejected()
    {
        var many = await PostAsync([.. Enumerable.Range(0, 1_001).Select(index => Key($"{index}", NewSecret()))]);
        var large = await _app.PostAsync(Path, _admin, $$"""{"keys":[{"name":"{{new string('n', 1 << 20)}}"}]}""");

        Assert.That((many.Status, many.Fields), Is.EqualTo((400, new[] { "keys" })));
        Assert.That((large.Status, large["detail"]), Is.EqualTo((400, "The body must be at most 1048576 bytes long")));
    }

    [Test]
    public async Task Import_CallerWithoutTheRight_IsRejected()
    {
        var reader = await _app.App.IssueAsync(key => key with { Scopes = TestApp.Scopes("keys:read") });
        var personal = await _app.AdminAsync(key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "u1", TenantId = "t1" });
        var body = new JsonObject { ["keys"] = new JsonArray(Key("Ada", NewSecret())) }.ToJsonString();

        Assert.That((await _app.PostAsync(Path, null, body)).Status, Is.EqualTo(401));
        Assert.That((await _app.PostAsync(Path, reader, body)).Code, Is.EqualTo("insufficient_scope"));
        Assert.That((await _app.PostAsync(Path, personal, body)).Code, Is.EqualTo("forbidden"));
    }

    [Test]
    public async Task Import_NotMapped_IsNotFound()
    {
        await using var app = await ManagedApp.StartAsync();

        Assert.That((await app.PostAsync(Path, await app.AdminAsync(), "{}")).Status, Is.EqualTo(405).Or.EqualTo(404));
    }

    [Test]
    public async Task Import_StoreIsDown_Is503()
    {
        Assert.That(await _app.UseAsync(_admin, "/any"), Is.EqualTo(200));
        _app.Store.IsDown = true;

        Assert.That((await PostAsync(Key("Ada", NewSecret()))).Status, Is.EqualTo(503));
    }

    private static string[] Outcomes(ManagedApp.Answer answer) =>
        [.. answer.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("outcome").GetString()!)];

    private static JsonObject Key(string name, string secret, params (string Name, JsonNode? Value)[] members)
    {
        var key = new JsonObject
        {
            ["name"] = name,
            ["hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))),
            ["scopes"] = new JsonArray(),
            ["environment"] = "test",
        };
        foreach (var (member, value) in members)
        {
            key[member] = value;
        }

        return key;
    }

    private Task<ManagedApp.Answer> PostAsync(params JsonObject?[] keys) =>
        SendAsync(new JsonObject { ["keys"] = new JsonArray([.. keys]) });

    private Task<ManagedApp.Answer> SendAsync(JsonObject body) => _app.PostAsync(Path, _admin, body.ToJsonString());

    private string NewSecret() => _app.App.Services.GetRequiredService<ApiKeyFormats>().Issuing.Generate("test");

    /// <summary>Creates a key of another tenant.</summary>
    private async Task<string> CreateElsewhereAsync()
    {
        var secret = NewSecret();
        var hash = _app.App.Services.GetRequiredService<ApiKeyHasher>().Hash(secret);
        var key = new ApiKey { Id = "k9", Name = "Taken", TenantId = "t2", CreatedAt = default, Secrets = [new() { Hash = hash }] };
        await _app.Store.Inner.AddAsync(key, [], Audit(key), default);
        return secret;
    }

    private static ApiKeyAuditEntry Audit(ApiKey key) => new()
    {
        Id = Guid.NewGuid(),
        At = default,
        Action = "create",
        KeyId = key.Id,
        Actor = "system",
        Changes = "{}",
    };
}
