using System.Globalization;
using System.Net;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Stores;

public sealed class ConfigurationApiKeyStoreTests
{
    private static readonly string Plain = new ApiKeyFormat().Generate("test");

    [Test]
    public async Task Find_KeysByHashOrSeveralHashes_AreFound()
    {
        await using var app = new ConfiguredApp(
            $$"""
            [ {{ConfiguredApp.Key("k1", "s1")}},
              { "Id": "k2", "Hashes": [ "{{ConfiguredApp.Hash("s2")}}", "{{ConfiguredApp.Hash("s3")}}" ] } ]
            """);
        Assert.That(await app.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(await app.OutcomeAsync("s2"), Is.EqualTo("k2"));
        Assert.That(await app.OutcomeAsync("s3"), Is.EqualTo("k2"));
        Assert.That(await app.OutcomeAsync("s4"), Is.EqualTo("unknown"));
        Assert.That(app.Store.Count, Is.EqualTo(2));
        Assert.That(app.Log.Of(20).Select(line => line.Text), Has.Exactly(1).StartsWith("2 keys"));
    }

    [Test]
    public async Task Find_EverySetting_IsRead()
    {
        await using var app = new ConfiguredApp($$"""
            [ { "Id": "k1", "Hash": "{{ConfiguredApp.Hash("s1")}}", "Name": "n", "Kind": "service", "Environment": "live",
                "TenantId": "t", "OwnerId": "o",
                "Scopes": [ "a:read", "a:*" ], "RateLimits": "5/minute;100/day", "Networks": [ "203.0.113.0/24", "2001:db8::1" ],
                "Audiences": [ "api" ], "Metadata": { "team": "red" }, "Enabled": false, "ExpiresAt": "2027-12-31",
                "NotBefore": "2027-01-31" } ]
            """);
        var key = (await app.Store.FindAsync([new ApiKeyHasher([]).Hash("s1")], CancellationToken.None))!;
        Assert.That(
            (key.Id, key.Name, key.Kind, key.Environment, key.TenantId, key.OwnerId, key.Enabled),
            Is.EqualTo(("k1", "n", "service", "live", "t", "o", false)));
        Assert.That(key.Scopes, Is.EqualTo(new[] { "a:read", "a:*" }));
        Assert.That(key.RateLimits, Is.EqualTo(RateLimit.ParseList("5/minute;100/day")));
        Assert.That(key.Networks, Is.EqualTo(new[] { IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("2001:db8::1/128") }));
        Assert.That(key.Audiences, Is.EqualTo(new[] { "api" }));
        Assert.That(key.Metadata, Is.EqualTo(new Dictionary<string, string> { ["team"] = "red" }));
        Assert.That(key.ExpiresAt, Is.EqualTo(ApiKeyExpiry.Parse("2027-12-31", CultureInfo.InvariantCulture)));
        Assert.That(key.NotBefore, Is.EqualTo(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task Start_PlainTextInDevelopment_IsAccepted()
    {
        await using var app = new ConfiguredApp($$"""[ { "Id": "k1", "Key": "{{Plain}}" } ]""", isDevelopment: true);
        Assert.That(await app.OutcomeAsync(Plain), Is.EqualTo("k1"));
        Assert.That(app.Log.Entries.Select(line => line.Text), Has.None.Contains(Plain));
    }

    [Test]
    public void Start_PlainTextOutsideDevelopment_IsRejectedWithoutTheValue()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => _ = new ConfiguredApp($$"""[ { "Id": "k1", "Key": "{{Plain}}" } ]"""))!;
        Assert.That(error.Failures, Has.One.StartsWith("ApiKeyAuth:Keys:0:Key is a key in plain text").And.Exactly(1).Items);
        Assert.That(error.ToString(), Does.Not.Contain(Plain));
    }

    [Test]
    public void Start_SeveralProblems_ReportsAll()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => _ = new ConfiguredApp(
                $$"""[ { "Id": "k1", "Hash": "hunter2" }, { "Hash": "{{ConfiguredApp.Hash("s1")}}", "Scope": [ "a:read" ] } ]"""))!;
        Assert.That(error.Failures, Has.One.StartsWith("ApiKeyAuth:Keys:0:Hash is not a hash"));
        Assert.That(error.Failures, Has.One.StartsWith("ApiKeyAuth:Keys:1:Id is missing"));
        Assert.That(error.Failures, Has.One.StartsWith("ApiKeyAuth:Keys:1:Scope is not a setting"));
        Assert.That(error.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Edit_AddedChangedAndRemovedKeys_TakeEffect()
    {
        await using var app = new ConfiguredApp($"[ {ConfiguredApp.Key("k1", "s1")}, {ConfiguredApp.Key("k2", "s2")} ]");
        Assert.That(await OutcomesAsync(), Is.EqualTo(new[] { "k1", "k2", "unknown" }));
        app.Edit($"[ {ConfiguredApp.Key("k1b", "s1")}, {ConfiguredApp.Key("k3", "s3")} ]");
        Assert.That(await OutcomesAsync(), Is.EqualTo(new[] { "k1b", "unknown", "k3" }));
        app.Edit("[]");
        Assert.That(await OutcomesAsync(), Is.EqualTo(new[] { "unknown", "unknown", "unknown" }));
        app.Edit($"[ {ConfiguredApp.Key("k1", "s1")} ]");
        Assert.That(await OutcomesAsync(), Is.EqualTo(new[] { "k1", "unknown", "unknown" }));

        async Task<string[]> OutcomesAsync() => [await app.OutcomeAsync("s1"), await app.OutcomeAsync("s2"), await app.OutcomeAsync("s3")];
    }

    [Test]
    public async Task Edit_WatchedFile_TakesEffect()
    {
        await using var app = new ConfiguredApp($"[ {ConfiguredApp.Key("k1", "s1")} ]", watch: true);
        Assert.That(await app.OutcomeAsync("s2"), Is.EqualTo("unknown"));
        app.Write($"[ {ConfiguredApp.Key("k2", "s2")} ]");
        await Eventually.IsTrueAsync(() => app.Log.Of(20).Count > 1);
        Assert.That(await app.OutcomeAsync("s1"), Is.EqualTo("unknown"));
        Assert.That(await app.OutcomeAsync("s2"), Is.EqualTo("k2"));
    }

    // The watcher of a file and a reload raise several change tokens for one edit, and an edit elsewhere does not change the keys.
    [Test]
    public async Task Edit_OtherSettings_KeepsTheCache()
    {
        var keys = $"[ {ConfiguredApp.Key("k1", "s1")} ]";
        await using var app = new ConfiguredApp(keys);
        await app.OutcomeAsync("s1");
        app.WriteText($$"""{ "Logging": { "Default": "Debug" }, "ApiKeyAuth": { "Keys": {{keys}} } }""");
        app.Configuration.Reload();
        Assert.That(app.Log.Of(20), Has.Count.EqualTo(1));
        Assert.That(app.Cache.KnownCount, Is.EqualTo(1));
        app.Edit("[]");
        Assert.That(app.Log.Of(20), Has.Count.EqualTo(2));
        Assert.That(app.Cache.KnownCount, Is.Zero);
    }

    [Test]
    public async Task Edit_FileIsNotJson_KeepsThePreviousKeys()
    {
        await using var app = new ConfiguredApp($"[ {ConfiguredApp.Key("k1", "s1")} ]");
        app.WriteText("{ \"ApiKeyAuth\": { \"Keys\": [ hunter2");
        Assert.That(app.Configuration.Reload, Throws.InstanceOf<InvalidDataException>());
        Assert.That(await app.OutcomeAsync("s1"), Is.EqualTo("k1"));
        app.Edit($"[ {ConfiguredApp.Key("k2", "s2")} ]");
        Assert.That(await app.OutcomeAsync("s2"), Is.EqualTo("k2"));
    }

    private static IEnumerable<TestCaseData> InvalidEdits()
    {
        var k1 = ConfiguredApp.Key("k1", "s1");
        yield return Case("UnknownMember", K1With("\"Scoops\": [ \"hunter2\" ]"), "ApiKeyAuth:Keys:0:Scoops is not a setting");
        yield return Case("NoHash", """[ { "Id": "k1" } ]""", "ApiKeyAuth:Keys:0:Hash is missing");
        yield return Case("EmptyHash", """[ { "Id": "k1", "Hash": "" } ]""", "ApiKeyAuth:Keys:0:Hash is not a hash");
        yield return Case("EmptyHashes", """[ { "Id": "k1", "Hashes": [] } ]""", "ApiKeyAuth:Keys:0:Hash is missing");
        yield return Case("BadHash", """[ { "Id": "k1", "Hashes": [ "sha256:hunter2" ] } ]""", "ApiKeyAuth:Keys:0:Hashes:0 is not a hash");
        yield return Case("NoId", $$"""[ { "Hash": "{{ConfiguredApp.Hash("s1")}}" } ]""", "ApiKeyAuth:Keys:0:Id is missing");
        yield return Case("SameId", $"[ {k1}, {ConfiguredApp.Key("k1", "s2")} ]", "ApiKeyAuth:Keys:1:Id is also the ID of another key");
        yield return Case(
            "SameHash", $"[ {k1}, {ConfiguredApp.Key("k2", "s1")} ]", "ApiKeyAuth:Keys:1:Hash is also the secret of another key");
        yield return Case("PlainText", $$"""[ { "Id": "k1", "Key": "{{Plain}}" } ]""", "ApiKeyAuth:Keys:0:Key is a key in plain text");
        yield return Case(
            "UnknownScope",
            K1With("\"Scopes\": [ \"b:read\" ]"),
            "ApiKeyAuth:Keys:0:Scopes:0 is the scope b:read, which ");
        yield return Case("NoScope", K1With("\"Scopes\": [ \"a b\" ]"), "ApiKeyAuth:Keys:0:Scopes:0 is not a valid scope");
        yield return Case(
            "SecretAsScope", K1With($"\"Scopes\": [ \"{Plain}\" ]"), "ApiKeyAuth:Keys:0:Scopes:0 is the scope key_test_***, which");
        yield return Case(
            "SecretAsNoScope", K1With($"\"Scopes\": [ \"x {Plain}\\n\" ]"), "ApiKeyAuth:Keys:0:Scopes:0 is not a valid scope");
        yield return Case("BadLimit", K1With("\"RateLimits\": \"hunter2\""), "ApiKeyAuth:Keys:0:RateLimits is not a valid rate limit");
        yield return Case("BadNetwork", K1With("\"Networks\": [ \"hunter2\" ]"), "ApiKeyAuth:Keys:0:Networks:0 is not a network");
        yield return Case("BadExpiry", K1With("\"ExpiresAt\": \"hunter2\""), "ApiKeyAuth:Keys:0:ExpiresAt is not a date");
        yield return Case("BadFlag", K1With("\"Enabled\": \"hunter2\""), "ApiKeyAuth:Keys:0:Enabled must be true or false");
        yield return Case("NoList", "\"hunter2\"", "ApiKeyAuth:Keys is a single value");
        yield return Case("ListOfValues", """[ "hunter2" ]""", "ApiKeyAuth:Keys:0 is a single value");

        static string K1With(string member) => $"[ {ConfiguredApp.Key("k1", "s1", ", " + member)} ]";

        static TestCaseData Case(string name, string keys, string problem) =>
            new TestCaseData(keys, problem).SetName($"Edit_Invalid_KeepsThePreviousKeysAndLogsTheProblem({name})");
    }

    [TestCaseSource(nameof(InvalidEdits))]
    public async Task Edit_Invalid_KeepsThePreviousKeysAndLogsTheProblem(string keys, string problem)
    {
        await using var app = new ConfiguredApp($"[ {ConfiguredApp.Key("k0", "s0")} ]");
        app.Edit(keys);
        Assert.That(app.Log.Of(21), Has.Count.EqualTo(1));
        var text = app.Log.Of(21)[0].Text;
        Assert.That(text, Does.Contain(problem).And.Contain("previous 1 keys stay"));
        Assert.That(
            text,
            Does.Not.Contain("hunter2").And.Not.Contain(Plain).And.Not.Contain(ConfiguredApp.Hash("s1")).And.Not.Contain("\n"));
        Assert.That(await app.OutcomeAsync("s0"), Is.EqualTo("k0"));
        Assert.That(await app.OutcomeAsync("s1"), Is.EqualTo("unknown"));
        app.Edit($"[ {ConfiguredApp.Key("k1", "s1")} ]");
        Assert.That(await app.OutcomeAsync("s1"), Is.EqualTo("k1"), "the fixed file is read");
        Assert.That(app.Log.Of(21), Has.Count.EqualTo(1));
    }
}
