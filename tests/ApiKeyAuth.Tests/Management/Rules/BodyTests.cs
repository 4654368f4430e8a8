using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>
/// Tests how bodies are reported: a fault of the JSON, a type or a name by the first one, and faults of values all together.
/// </summary>
public sealed class BodyTests
{
    private const string CreateMembers =
        "name, kind, environment, ownerId, scopes, rateLimits, networks, audiences, metadata, expiresAt, expiresInDays, notBefore, "
        + "expiresAfterIdleDays";

    private const string PatchMembers =
        "name, enabled, scopes, rateLimits, networks, audiences, metadata, expiresAt, notBefore, expiresAfterIdleDays";
    private const string NotJson = "The body must be valid JSON with at most 8 nested levels and without unpaired surrogates";

    [TestCase("""{"name":5}""", "name", "must be a valid string, and must not be repeated")]
    [TestCase("""{"name":"\ud800"}""", "name", "must be a valid string, and must not be repeated")]
    [TestCase("""{"name":"n","name":"n"}""", "name", "must be a valid string, and must not be repeated")]
    [TestCase("""{"scopes":"a:read","name":5}""", "scopes", "must be a list of strings, and must not be repeated")]
    [TestCase("""{"scopes":["a:read",5]}""", "scopes", "must be a list of strings, and must not be repeated")]
    [TestCase("""{"metadata":[]}""", "metadata", "must be an object of strings, and must not be repeated")]
    [TestCase("""{"metadata":{"a.b":{}}}""", "metadata", "must be an object of strings, and must not be repeated")]
    [TestCase("""{"metadata":{"\ud800":""}}""", "metadata", "must be an object of strings, and must not be repeated")]
    [TestCase("""{"metadata":{"a":"","a":""}}""", "metadata", "must be an object of strings, and must not be repeated")]
    [TestCase("""{"metadata":{},"metadata":{}}""", "metadata", "must be an object of strings, and must not be repeated")]
    [TestCase(
        """{"expiresInDays":1.5}""", "expiresInDays", "must be a whole number of at most 2147483647, and must not be repeated")]
    [TestCase(
        """{"expiresInDays":2147483648}""", "expiresInDays", "must be a whole number of at most 2147483647, and must not be repeated")]
    [TestCase("""{"Name":"n"}""", "Name", $"is unknown; the object may contain {CreateMembers}")]
    [TestCase("""{"name":"n","tenantId":null}""", "tenantId", $"is unknown; the object may contain {CreateMembers}")]
    [TestCase("""{"name.x":1}""", "['name.x']", $"is unknown; the object may contain {CreateMembers}")]
    [TestCase("""{"name[0]":1}""", "['name[0]']", $"is unknown; the object may contain {CreateMembers}")]
    [TestCase("""{"":1}""", "", $"is unknown; the object may contain {CreateMembers}")]
    [TestCase("""{"$id":"1"}""", "$id", $"is unknown; the object may contain {CreateMembers}")]
    public async Task Create_WrongTypeOrName_NamesTheFirstFaultOnly(string body, string field, string fault) =>
        await AssertFaultAsync(HttpMethod.Post, "/api-keys", body, field, fault);

    [TestCase("""{"enabled":"true"}""", "enabled", "must be true or false, and must not be repeated")]
    [TestCase("""{"enabled":null}""", "enabled", "must be true or false")]
    [TestCase("""{"kind":"service"}""", "kind", $"is unknown; the object may contain {PatchMembers}")]
    public async Task Update_WrongTypeOrName_NamesTheFirstFaultOnly(string body, string field, string fault) =>
        await AssertFaultAsync(HttpMethod.Patch, "/api-keys/key2", body, field, fault);

    [TestCase("""{"failures":[]}""", "failures", "must be an object, and must not be repeated")]
    [TestCase(
        """{"failures":{"threshold":"1"}}""",
        "failures.threshold",
        "must be a whole number of at most 9223372036854775807, and must not be repeated")]
    [TestCase(
        """{"alerts":{"failures":{"a b":1}}}""", "alerts.failures['a b']", "is unknown; the object may contain threshold, period")]
    [TestCase("""{"alerts":{},"highUsage":{}}""", "highUsage", "must be inside alerts")]
    [TestCase("""{"failures":{"period":"daily"}}""", "failures.threshold", "must be at least 1")]
    public async Task Alerts_WrongTypeOrName_NamesThePath(string body, string field, string fault) =>
        await AssertFaultAsync(HttpMethod.Put, "/api-keys/alerts", body, field, fault);

    [Test]
    public async Task Create_InvalidValues_AreAllNamed()
    {
        await using var app = await ManagedApp.StartAsync();
        const string Body = """
            {"name":" ","kind":"","environment":"moon","ownerId":"\n","scopes":["a b",null],"rateLimits":["x"],"networks":[null],
             "audiences":[null],"metadata":{"a":null},"expiresAt":"soon","expiresInDays":0,"notBefore":"soon",
             "expiresAfterIdleDays":0}
            """;
        var answer = await app.PostAsync("/api-keys", await app.AdminAsync(), Body);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "invalid_request")));
        Assert.That(answer.Fields, Is.EquivalentTo(CreateMembers.Split(", ")));
        Assert.That(answer["detail"], Does.Contain("rateLimits must be a list of rate limits; write [\"500/hour\"]"));
    }

    [Test]
    public async Task Update_InvalidValues_AreAllNamed()
    {
        await using var app = await ManagedApp.StartAsync();
        const string Body = """
            {"name":null,"enabled":null,"scopes":[null],"rateLimits":[null],"networks":["10.0.0.1/8"],"audiences":[""],
             "metadata":{"":"x"},"expiresAt":"2020-01-01","notBefore":"soon","expiresAfterIdleDays":-1}
            """;
        var admin = await app.AdminAsync();
        await app.App.IssueAsync();
        var answer = await app.PatchAsync("/api-keys/key2", admin, Body);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "invalid_request")));
        Assert.That(answer.Fields, Is.EquivalentTo(PatchMembers.Split(", ")));
    }

    [TestCase("", "application/json", NotJson)]
    [TestCase("{", "application/json", NotJson)]
    [TestCase("""{"name":"n" "hunter2"}""", "application/json", NotJson)]
    [TestCase("""{"name":"n",}""", "application/json", NotJson)]
    [TestCase("""{"name":"n"}}""", "application/json", NotJson)]
    [TestCase("""{"\ud800":1}""", "application/json", NotJson)]
    [TestCase("[]", "application/json", "The body must be a JSON object")]
    [TestCase("null", "application/json", "The body must be a JSON object")]
    [TestCase("\"hunter2\"", "application/json", "The body must be a JSON object")]
    [TestCase("{}", "text/plain", "The body must be sent with Content-Type: application/json")]
    [TestCase("{}", "application/json; charset=utf-16", "The body must be sent with Content-Type: application/json")]
    public async Task Create_NotAJsonObject_IsReportedWithoutTheBody(string body, string type, string detail)
    {
        await using var app = await ManagedApp.StartAsync();
        var answer = await app.SendAsync(HttpMethod.Post, "/api-keys", await app.AdminAsync(), body, type: type);
        Assert.That((answer.Status, answer.Code, answer["detail"], answer.Fields.Length), Is.EqualTo((400, "invalid_request", detail, 0)));
    }

    [Test]
    public async Task Create_LongUnknownName_IsShortened()
    {
        await using var app = await ManagedApp.StartAsync();
        var answer = await app.PostAsync("/api-keys", await app.AdminAsync(), $$"""{"{{new string('x', 500)}}":1}""");
        Assert.That(answer.Fields, Is.EqualTo(new[] { new string('x', 64) + "…" }));
    }

    [Test]
    public async Task Create_AppWithLenientJsonOptions_IsReadStrictly()
    {
        await using var app = await ManagedApp.StartAsync(services: all => all.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNameCaseInsensitive = true;
            json.SerializerOptions.AllowTrailingCommas = true;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        }));
        var admin = await app.AdminAsync();
        foreach (var body in new[] { """{"NAME":"n"}""", """{"name":"n",}""", """{"name":"n","owner_id":null}""" })
        {
            Assert.That((await app.PostAsync("/api-keys", admin, body)).Status, Is.EqualTo(400), body);
        }

        Assert.That((await app.PostAsync("/api-keys", admin, """{"name":"n","ownerId":null}""")).Status, Is.EqualTo(201));
    }

    [TestCase("NewApiKeyDocument", CreateMembers, "name")]
    [TestCase("ApiKeyPatchDocument", PatchMembers, null)]
    [TestCase("ApiKeyRotationDocument", "graceSeconds, discardCurrent", null)]
    [TestCase("ApiKeyRevocationDocument", "reason, cascade", null)]
    [TestCase("ApiKeySecretRequestDocument", "key", "key")]
    [TestCase("ApiKeyVerificationRequestDocument", "key, cost, address", "key")]
    [TestCase("ApiKeyAlertSettingsRequestDocument", "unusualActivity, highUsage, failures, alerts", null)]
    [TestCase("ApiKeyAlertThresholdDocument", "threshold, period", "threshold, period")]
    public async Task OpenApi_Body_DescribesTheTypeOfEveryMember(string schema, string members, string? required)
    {
        await using var app = await ManagedApp.StartAsync(services: all => all.AddOpenApi(), endpoints: web => web.MapOpenApi());
        var document = await app.GetAsync("/openapi/v1.json", null);
        var described = document.Json.GetProperty("components").GetProperty("schemas").GetProperty(schema);
        var properties = described.GetProperty("properties");
        Assert.That(properties.EnumerateObject().Select(property => property.Name), Is.EquivalentTo(members.Split(", ")));
        Assert.That(
            properties.EnumerateObject().Where(property => !new[] { "type", "$ref", "oneOf" }.Any(
                keyword => property.Value.TryGetProperty(keyword, out _))),
            Is.Empty,
            properties.GetRawText());
        Assert.That(
            described.TryGetProperty("required", out var names)
                ? string.Join(", ", names.EnumerateArray().Select(name => name.GetString()))
                : null,
            Is.EqualTo(required));
    }

    private static async Task AssertFaultAsync(HttpMethod method, string path, string body, string field, string fault)
    {
        await using var app = await ManagedApp.StartAsync(options => options.Management.MayCrossTenants = _ => true);
        var admin = await app.AdminAsync();
        await app.App.IssueAsync();
        var answer = await app.SendAsync(method, path, admin, body);
        Assert.That(
            (answer.Status, answer.Code, answer["detail"]), Is.EqualTo((400, "invalid_request", $"{field} {fault}")), answer.Body);
        Assert.That(
            answer.Json.GetProperty("errors").EnumerateObject().Select(error => (error.Name, error.Value.GetString())),
            Is.EqualTo(new[] { (field, fault) }));
    }
}
