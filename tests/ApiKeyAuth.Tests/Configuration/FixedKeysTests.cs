using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests keys that the app adds in code.</summary>
public sealed class FixedKeysTests
{
    private static readonly string Secret = new ApiKeyFormat().Generate("live");

    [Test]
    public async Task AddKeys_ValidKey_IsAcceptedInAdditionToTheStore()
    {
        await using var app = await StartAsync(keys => keys.AddKeys(Key()));
        using var response = await app.GetAsync("/", Secret);
        using var issued = await app.GetAsync("/", await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a:read") }));
        using var forbidden = await app.GetAsync("/other", Secret);
        Assert.That(((int)response.StatusCode, (int)issued.StatusCode, (int)forbidden.StatusCode), Is.EqualTo((200, 200, 403)));
        Assert.That(await response.BodyAsync(), Is.EqualTo("fixed"));
    }

    [Test]
    public async Task AddKeys_CalledTwice_AddsBoth()
    {
        var other = new ApiKeyFormat().Generate("live");
        await using var app = await StartAsync(keys => keys.AddKeys(Key()).AddKeys(Key("other", other)));
        using var first = await app.GetAsync("/", Secret);
        using var second = await app.GetAsync("/", other);
        Assert.That((await first.BodyAsync(), await second.BodyAsync()), Is.EqualTo(("fixed", "other")));
    }

    private static IEnumerable<TestCaseData> Invalid()
    {
        TestCaseData Case(string name, string problem, params ApiKey[] keys) => new TestCaseData(keys, problem).SetArgDisplayNames(name);
        yield return Case(
            "no ID", "does not have a valid ID; give every key a stable ID of 1 to 200 characters.", Key() with { Id = "" });
        yield return Case(
            "the secret as its ID",
            "has an ID that contains a secret, which logs and claims would show; issue a new key because this one was exposed.",
            Key() with { Id = Secret });
        yield return Case(
            "one ID twice",
            "has the ID of another key; IDs must be unique, also among the keys in the configuration.",
            Key(),
            Key("fixed", new ApiKeyFormat().Generate("live")));
        yield return Case("one secret twice", "has the secret of another key; every secret must be unique.", Key(), Key("other"));
        yield return Case(
            "no secret", "has no secret; add one with its Hash, such as ApiKeyHash.Parse(\"sha256:…\").", Key() with { Secrets = [] });
        yield return Case(
            "an unknown scope",
            "has a scope that the catalog does not contain; declare it in Scopes.",
            Key() with { Scopes = TestApp.Scopes("c:read") });
        yield return Case(
            "an unknown pepper",
            "has a hash that is never looked up; add its pepper to Peppers, or set AcceptUnpepperedHashes for a plain hash.",
            Key() with { Secrets = [new() { Hash = new ApiKeyHash(new byte[32], "p1") }] });
    }

    [TestCaseSource(nameof(Invalid))]
    public void AddKeys_InvalidKey_FailsAtStartWithoutTheSecret(ApiKey[] added, string problem) => Assert.That(
        () => StartAsync(keys => keys.AddKeys(added)),
        Throws.InvalidOperationException.With.Message.Contains($"of AddKeys {problem}").And.Message.Not.Contains(Secret));

    [Test]
    public void AddKeys_KeyThatIsAlsoConfigured_FailsAtStart()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ApiKeyAuth:Keys:fixed:Hash"] = new ApiKeyHasher([], null).Hash(Secret).Format(),
        });
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddKeys(Key() with { Scopes = ScopeSet.Empty });
        using var app = builder.Build();
        app.UseApiKeyAuth();
        Assert.That(
            () => app.StartAsync(),
            Throws.InvalidOperationException.With.Message.Contains("the ID of another key")
                .And.Message.Contains("the secret of another key"));
    }

    [TestCase("")]
    [TestCase("sha256:00")]
    [TestCase("md5:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Parse_InvalidHash_ThrowsWithoutRepeatingIt(string text) =>
        Assert.That(() => ApiKeyHash.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith("A hash must be"));

    private static ApiKey Key(string id = "fixed", string? secret = null) => new()
    {
        Id = id,
        Environment = "live",
        Scopes = TestApp.Scopes("a:read"),
        Secrets = [new() { Hash = new ApiKeyHasher([], null).Hash(secret ?? Secret) }],
    };

    private static Task<TestApp> StartAsync(Action<ApiKeyAuthBuilder> keys) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", (HttpContext context) => context.GetApiKey()!.Id).RequireScope("a:read");
            web.MapGet("/other", () => "in").RequireScope("b:read");
        },
        options =>
        {
            options.Scopes.Add(new ScopeDefinition { Name = "a:read" });
            options.Scopes.Add(new ScopeDefinition { Name = "b:read" });
        },
        keys);
}
