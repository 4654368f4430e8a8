using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Tests.Management;

public sealed class ReadTests
{
    private static readonly string[] Endpoints = ["GET ", "GET /audit", "PATCH ", "POST /rotate", "POST /revoke", "DELETE "];

    [TestCaseSource(nameof(Endpoints))]
    public async Task AnyEndpoint_KeyOfAnotherTenant_IsReportedAsNotFound(string endpoint)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "*");
        var other = await app.AdminAsync(key => key with { TenantId = "t2" }, "*");
        var (foreign, _) = await app.CreateAsync(other);
        var none = await app.AdminAsync(null, "*");
        var (tenantless, _) = await app.CreateAsync(none);
        var (method, rest) = (new HttpMethod(endpoint.Split(' ')[0]), endpoint.Split(' ')[1]);
        var body = endpoint is "PATCH " or "POST /rotate" ? "{}" : null;

        var answers = new List<string>();
        foreach (var id in new[] { foreign, tenantless, "key_neverexisted00000000", "no such id!", new string('x', 201) })
        {
            var answer = await app.SendAsync(method, $"/api-keys/{Uri.EscapeDataString(id)}{rest}", admin, body);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((404, "not_found")));
            answers.Add(answer.Untraced);
        }

        Assert.That(answers.Distinct().ToList(), Has.Count.EqualTo(1));
        Assert.That((await app.GetAsync($"/api-keys/{foreign}", other)).Status, Is.EqualTo(200), "and nothing happened to it");
        Assert.That(
            (await app.GetAsync($"/api-keys/{foreign}", none)).Status,
            Is.EqualTo(404),
            "a caller without a tenant only sees keys without one");
    }

    [Test]
    public async Task List_Pages_ContainEachKeyOnceAndNoSecret()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var made = new List<(string Id, string Secret)>();
        for (var index = 0; index < 5; index++)
        {
            app.App.Clock.Advance(TimeSpan.FromSeconds(index % 2));
            made.Add(await app.CreateAsync(admin));
        }

        var seen = new List<string>();
        var bodies = "";
        for (var cursor = ""; ;)
        {
            var page = await app.GetAsync($"/api-keys?limit=2&total=true{cursor}", admin);
            Assert.That(page["total"], Is.EqualTo("6"));
            seen.AddRange(page.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("id").GetString()!));
            bodies += page.Body;
            if (page["nextCursor"] is not { } next)
            {
                break;
            }

            cursor = "&cursor=" + next;
        }

        Assert.That(seen, Is.EquivalentTo(made.Select(key => key.Id).Append("key1")).And.Unique);
        Assert.That(made.Where(key => bodies.Contains(key.Secret, StringComparison.Ordinal)), Is.Empty);
        Assert.That(bodies, Does.Not.Contain("sha256").And.Not.Contain("hash"));
    }

    [TestCase("owner=u1", 1)]
    [TestCase("environment=test", 3)]
    [TestCase("environment=live", 0)]
    [TestCase("status=active", 2)]
    [TestCase("status=disabled", 1)]
    [TestCase("status=revoked", 0)]
    [TestCase("name=bill", 1)]
    [TestCase("name=Bill", 0)]
    [TestCase("owner=u1&status=active", 0)]
    [TestCase("tenantId=t2", 3)]
    public async Task List_Filter_ReturnsMatchingKeys(string query, int count)
    {
        await using var app = await ManagedApp.StartAsync(options => options.Management.ManagesOthers = _ => true);
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "a:read");
        await app.AdminAsync(key => key with { TenantId = "t2" });
        var (id, _) = await app.CreateAsync(admin, """{"name":"billing","ownerId":"u1"}""");
        await app.CreateAsync(admin, """{"name":"other","ownerId":"u2"}""");
        await app.PatchAsync($"/api-keys/{id}", admin, """{"enabled":false}""");
        Assert.That((await app.GetAsync($"/api-keys?{query}", admin)).Json.GetProperty("keys").GetArrayLength(), Is.EqualTo(count));
    }

    [TestCase("limit=0&cursor=x&status=odd&total=1&name=", "limit,cursor,status,total,name")]
    [TestCase("limit=1001", "limit")]
    [TestCase("limit=ten", "limit")]
    [TestCase("limit=5&limit=6", "limit")]
    [TestCase("owner=%00", "owner")]
    [TestCase("name=%0A", "name")]
    [TestCase("cursor=%00", "cursor")]
    public async Task List_InvalidQuery_ReportsEveryParameter(string query, string fields)
    {
        await using var app = await ManagedApp.StartAsync();
        var refused = await app.GetAsync($"/api-keys?{query}", await app.AdminAsync());
        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")));
        Assert.That(refused.Fields, Is.EquivalentTo(fields.Split(',')));
    }

    [Test]
    public async Task List_CursorOfAnotherTenant_ReturnsNoKeysOfIt()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "a:read");
        var other = await app.AdminAsync(key => key with { TenantId = "t2" }, "a:read");
        await app.CreateAsync(other);
        await app.CreateAsync(admin);
        var cursor = (await app.GetAsync("/api-keys?limit=1", other))["nextCursor"];
        var page = await app.GetAsync($"/api-keys?cursor={cursor}", admin);
        Assert.That(page.Status, Is.EqualTo(200));
        Assert.That(
            page.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("tenantId").GetString()), Is.All.EqualTo("t1"));
    }

    [Test]
    public async Task Get_AfterUse_ReturnsUsageWithTheSameETag()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        var before = await app.GetAsync($"/api-keys/{id}", admin);
        var hash = (await app.Store.Inner.GetAsync(id, CancellationToken.None))!.Secrets[0].Hash;
        var now = app.App.Clock.GetUtcNow();
        var use = new ApiKeyUsageRecord
        {
            KeyId = id,
            Hash = hash,
            Count = 7,
            LastUsedAt = now,
            Hour = now,
            Outcome = ApiKeyUsageOutcomes.Success,
        };
        await app.Store.AddUsageAsync(
            new ApiKeyUsageBatch { Id = Guid.CreateVersion7(), CreatedAt = now, Records = [use] }, CancellationToken.None);

        var after = await app.GetAsync($"/api-keys/{id}", admin);

        Assert.That((after["usageCount"], after["lastUsedAt"]), Is.EqualTo(("7", "2026-01-01T00:00:00Z")));
        Assert.That(after.Json.GetProperty("secrets")[0].GetProperty("lastUsedAt").GetString(), Is.EqualTo("2026-01-01T00:00:00Z"));
        Assert.That(after.Header("ETag"), Is.EqualTo(before.Header("ETag")));
    }

    [Test]
    public async Task Audit_EachAction_ContainsActorAndChangesWithoutSecrets()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, $$"""{"name":"{{admin}}","scopes":["a:read"],"metadata":{"note":"{{admin}}"} }""");
        var path = $"/api-keys/{id}";
        await app.PatchAsync(path, admin, """{"name":"m","scopes":[]}""");
        var rotated = await app.PostAsync(path + "/rotate", admin, """{"graceSeconds":60}""");
        await app.PostAsync(path + "/revoke", admin);
        var page = await app.GetAsync(path + "/audit?limit=2", admin);
        Assert.That(page["nextCursor"], Is.Not.Null);
        await app.SendAsync(HttpMethod.Delete, path, admin);

        var audit = await app.GetAsync(path + "/audit", admin);

        var entries = audit.Json.GetProperty("entries").EnumerateArray().ToList();
        Assert.That(
            entries.Select(entry => entry.GetProperty("action").GetString()),
            Is.EquivalentTo(new[] { "delete", "revoke", "rotate", "update", "create" }));
        Assert.That(entries.Select(entry => entry.GetProperty("actor").GetString()), Is.All.EqualTo("key:key1"));
        Assert.That(entries.Select(entry => entry.GetProperty("address").GetString()), Is.All.EqualTo("127.0.0.1"));
        var update = entries.Single(entry => entry.GetProperty("action").GetString() == "update").GetProperty("changes");
        Assert.That(update.GetProperty("scopes").GetRawText(), Is.EqualTo("""{"from":"a:read","to":""}"""));
        Assert.That(update.EnumerateObject().Select(change => change.Name), Is.EquivalentTo(new[] { "name", "scopes" }));
        Assert.That(
            new[] { secret, rotated["key"]!, admin, "sha256" }.Where(text => audit.Body.Contains(text, StringComparison.Ordinal)),
            Is.Empty);
        Assert.That(audit.Body, Does.Contain("key_test_***"), "a key written into a name is masked");
    }

    [Test]
    public async Task Audit_Pages_ContainEachEntryOnce()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        for (var index = 0; index < 4; index++)
        {
            app.App.Clock.Advance(TimeSpan.FromSeconds(1));
            await app.PatchAsync($"/api-keys/{id}", admin, $$"""{"name":"n{{index}}"}""");
        }

        var first = await app.GetAsync($"/api-keys/{id}/audit?limit=3", admin);
        var second = await app.GetAsync($"/api-keys/{id}/audit?limit=3&cursor={first["nextCursor"]}", admin);

        Assert.That(Ids(first).Concat(Ids(second)).ToList(), Has.Count.EqualTo(5).And.Unique);
        Assert.That(second["nextCursor"], Is.Null);
        Assert.That(
            (await app.GetAsync($"/api-keys/{id}/audit?cursor=x&limit=0", admin)).Fields, Is.EquivalentTo(new[] { "cursor", "limit" }));
    }

    private static IEnumerable<string?> Ids(ManagedApp.Answer page) =>
        page.Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("id").GetString());
}
