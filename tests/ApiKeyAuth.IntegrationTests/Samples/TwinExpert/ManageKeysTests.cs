using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

/// <summary>Listing and revoking the keys of a user, which the page does not describe.</summary>
internal sealed class ManageKeysTests
{
    private static string Bearer => "Authorization: Bearer " + TwinExpertSample.Jwt;

    [Test]
    public async Task List_KeysOfTheUser_HasNoSecretAndNoKeyOfAnother()
    {
        var secret = await TwinExpertSample.MakeKeyAsync("read_only");
        var other = await TwinExpertSample.Running.IssueAsync(TwinExpertSample.OfOtherAccount);

        var listed = await TwinExpertSample.Running.GetAsync(TwinExpertSample.ApiKeys, Bearer);

        Assert.That((listed.Status, listed.Header("Cache-Control")), Is.EqualTo((200, "no-store")), listed.Body);
        Assert.That(listed.Body, Does.Not.Contain(secret).And.Not.Contain(other.Key.Id));
        var key = listed.Json.GetProperty("data").EnumerateArray().Single(each => Text(each, "hint") == secret[^4..]);
        Assert.That((Text(key, "name"), Text(key, "scope"), Text(key, "status")), Is.EqualTo(("My App", "read_only", "active")));
    }

    [Test]
    public async Task Revoke_KeyOfTheUser_EndsItAndThatOfAnotherIsNotFound()
    {
        var secret = await TwinExpertSample.MakeKeyAsync("full_access");
        var other = await TwinExpertSample.Running.IssueAsync(TwinExpertSample.OfOtherAccount);
        var listed = await TwinExpertSample.Running.GetAsync(TwinExpertSample.ApiKeys, Bearer);
        var id = Text(listed.Json.GetProperty("data").EnumerateArray().Single(each => Text(each, "hint") == secret[^4..]), "id");

        var byKey = await RevokeAsync(id, "X-API-Key: " + secret);
        var foreign = await RevokeAsync(other.Key.Id, Bearer);
        var revoked = await RevokeAsync(id, Bearer);

        Assert.That((byKey.Status, foreign.Status, revoked.Status), Is.EqualTo((403, 404, 204)), byKey.Body);
        Assert.That((await UseAsync(secret), await UseAsync(other.Secret)), Is.EqualTo((401, 200)));
        listed = await TwinExpertSample.Running.GetAsync(TwinExpertSample.ApiKeys, Bearer);
        Assert.That(
            Text(listed.Json.GetProperty("data").EnumerateArray().Single(each => Text(each, "id") == id), "status"),
            Is.EqualTo("revoked"));
    }

    private static Task<SampleAnswer> RevokeAsync(string id, string header) =>
        TwinExpertSample.Running.SendAsync("DELETE", $"{TwinExpertSample.ApiKeys}/{id}", null, header);

    private static async Task<int> UseAsync(string secret) =>
        (await TwinExpertSample.Running.GetAsync(TwinExpertSample.Twins, "X-API-Key: " + secret)).Status;

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
