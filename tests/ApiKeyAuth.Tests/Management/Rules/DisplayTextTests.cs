using System.Text.Json;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests texts that would be misleading in a list of keys.</summary>
public sealed class DisplayTextTests
{
    private static readonly char[] Misleading =
    [
        '\u0000', '\n', '\t', '\u007F', '\u0085', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E',
        '\u2066', '\u2067', '\u2068', '\u2069',
    ];

    [TestCaseSource(nameof(Misleading))]
    public async Task Create_MisleadingText_IsRejectedInEveryField(char c)
    {
        await using var app = await ManagedApp.StartAsync(options => options.Management.ManagesOthers = _ => true);
        var admin = await app.AdminAsync(null, "a:read");
        foreach (var text in new[] { $"a{c}b", $"{c}b", $"a{c}" })
        {
            var json = JsonSerializer.Serialize(text);
            var refused = await app.PostAsync("/api-keys", admin, $$"""
                {"name":{{json}},"kind":{{json}},"ownerId":{{json}},"audiences":[{{json}}],"metadata":{"a":{{json}}},"scopes":[]}
                """);
            Assert.That(refused.Fields, Is.EquivalentTo(new[] { "name", "kind", "ownerId", "audiences", "metadata" }), refused.Body);
            var note = await app.PostAsync("/api-keys", admin, $$$"""{"name":"n","metadata":{{{{json}}}:"a"}}""");
            Assert.That(note.Fields, Is.EqualTo(new[] { "metadata" }));
            var (id, _) = await app.CreateAsync(admin);
            var changed = await app.PatchAsync(
                $"/api-keys/{id}", admin, $$"""{"name":{{json}},"metadata":{"a":{{json}}},"audiences":[{{json}}]}""");
            Assert.That(changed.Fields, Is.EquivalentTo(new[] { "name", "metadata", "audiences" }), changed.Body);
        }

        Assert.That((await app.GetAsync($"/api-keys?name=a{Uri.EscapeDataString($"{c}")}", admin)).Fields, Is.EqualTo(new[] { "name" }));
    }

    [TestCase("Büro – 日本 🔑")]
    [TestCase("می\u200Cخواهم")]
    [TestCase("क्\u200Dष")]
    [TestCase("👩\u200D🚀")]
    [TestCase("שלום\u200F (2)")]
    public async Task Create_TextOfAnyLanguage_IsStored(string text)
    {
        await using var app = await ManagedApp.StartAsync();
        var json = JsonSerializer.Serialize(text);
        var body = $$"""{"name":{{json}},"scopes":[],"metadata":{"a":{{json}}} }""";
        var made = await app.PostAsync("/api-keys", await app.AdminAsync(), body);
        var note = made.Json.GetProperty("metadata").GetProperty("a").GetString();
        Assert.That((made.Status, made["name"], note), Is.EqualTo((201, text, text)));
    }

    [TestCase("  billing\u00A0", "billing")]
    [TestCase("\u3000a b ", "a b")]
    public async Task Name_WithSurroundingWhiteSpace_IsTrimmed(string name, string kept)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var json = JsonSerializer.Serialize(name);
        var made = await app.PostAsync("/api-keys", admin, $$"""{"name":{{json}},"scopes":[]}""");
        Assert.That(made["name"], Is.EqualTo(kept));
        await app.PatchAsync($"/api-keys/{made["id"]}", admin, """{"name":"other"}""");
        Assert.That((await app.PatchAsync($"/api-keys/{made["id"]}", admin, $$"""{"name":{{json}}}"""))["name"], Is.EqualTo(kept));
        var imported = await ImportAsync(app, name);
        Assert.That(imported.Value?.Name, Is.EqualTo(kept));
    }

    [Test]
    public async Task Name_TooLongOnlyWithWhiteSpace_IsAccepted()
    {
        await using var app = await ManagedApp.StartAsync();
        var made = await app.PostAsync("/api-keys", await app.AdminAsync(), $$"""{"name":" {{new string('x', 200)}} ","scopes":[]}""");
        Assert.That((made.Status, made["name"]?.Length), Is.EqualTo((201, 200)));
    }

    [TestCase("\u3000 ")]
    [TestCase("\u200B")]
    [TestCase(" \u200D\uFEFF ")]
    public async Task Name_WithoutVisibleCharacters_IsRejected(string name)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        var json = JsonSerializer.Serialize(name);
        Assert.That((await app.PostAsync("/api-keys", admin, $$"""{"name":{{json}}}""")).Fields, Is.EqualTo(new[] { "name" }));
        Assert.That((await app.PatchAsync($"/api-keys/{id}", admin, $$"""{"name":{{json}}}""")).Fields, Is.EqualTo(new[] { "name" }));
        Assert.That((await ImportAsync(app, name)).Error?.Fields.Keys, Is.EqualTo(new[] { "name" }));
    }

    [TestCaseSource(nameof(Misleading))]
    public async Task Import_MisleadingText_IsRejected(char c)
    {
        await using var app = await ManagedApp.StartAsync();
        Assert.That((await ImportAsync(app, $"a{c}b")).Error?.Fields.Keys, Is.EqualTo(new[] { "name" }));
    }

    [TestCase("Id")]
    [TestCase("Name")]
    [TestCase("Kind")]
    [TestCase("TenantId")]
    [TestCase("OwnerId")]
    public void Start_ConfiguredKeyWithAMisleadingText_IsRejectedWithoutIt(string member)
    {
        var others = member == "Id" ? "" : "\"Id\": \"k1\", ";
        var error = Assert.Throws<OptionsValidationException>(
            () => _ = new ConfiguredApp($$"""[ { {{others}}"{{member}}": "n\u202Egpj", "Hash": "{{ConfiguredApp.Hash("s")}}" } ]"""))!;
        Assert.That(error.Failures, Has.One.StartsWith($"ApiKeyAuth:Keys:0:{member} ").And.Exactly(1).Items);
        Assert.That(error.ToString(), Does.Not.Contain("\u202E"));
    }

    [TestCase("\"Audiences\": [ \"a\\u2028b\" ]", "ApiKeyAuth:Keys:0:Audiences:0 contains")]
    [TestCase("\"Metadata\": { \"a\": \"\\u2066b\" }", "ApiKeyAuth:Keys:0:Metadata:a contains")]
    [TestCase("\"Metadata\": { \"a\\u2066\": \"b\" }", "ApiKeyAuth:Keys:0:Metadata has a name that contains")]
    [TestCase("\"Name\": \" \\u200B \"", "ApiKeyAuth:Keys:0:Name is blank")]
    public void Start_ConfiguredKeyWithAMisleadingItem_IsRejected(string member, string failure)
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => _ = new ConfiguredApp($$"""[ { "Id": "k1", {{member}}, "Hash": "{{ConfiguredApp.Hash("s")}}" } ]"""))!;
        Assert.That(error.Failures, Has.One.StartsWith(failure).And.Exactly(1).Items);
    }

    [Test]
    public async Task Start_ConfiguredKeyWithWhiteSpaceAroundItsName_IsTrimmed()
    {
        await using var app = new ConfiguredApp($$"""[ { "Id": "k1", "Name": "  Büro ", "Hash": "{{ConfiguredApp.Hash("s")}}" } ]""");
        Assert.That((await app.Store.FindAsync([new ApiKeyHasher([]).Hash("s")], CancellationToken.None))!.Name, Is.EqualTo("Büro"));
    }

    private static async Task<ApiKeyResult<ApiKey>> ImportAsync(ManagedApp app, string name)
    {
        var imported = new ImportedApiKey { Key = new NewApiKey { Name = name, Scopes = [] }, Hash = new string('0', 64) };
        return (await app.ManageAsync(manager => manager.ImportAsync(ApiKeyCaller.System, [imported])))[0];
    }
}
