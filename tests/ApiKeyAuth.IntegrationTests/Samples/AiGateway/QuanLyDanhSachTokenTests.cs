using System.Text.Json;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>The page's heading "Quản lý danh sách token": the rows of its table, and that only ACTIVE ones pass.</summary>
internal sealed class QuanLyDanhSachTokenTests
{
    [Test]
    public async Task List_OfAGateway_ShowsNameTimeAndStatus()
    {
        var (id, header) = await AiGatewaySample.MakeTokenAsync("token-listed");

        var row = await RowAsync(id);

        Assert.That(
            SampleAnswer.Members(row), Is.EqualTo(new[] { "id", "name", "createdAt", "expiresAt", "lastUsedAt", "status" }));
        Assert.That((row.GetProperty("name").GetString(), row.GetProperty("status").GetString()), Is.EqualTo(("token-listed", "ACTIVE")));
        Assert.That(row.GetProperty("createdAt").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"));
        Assert.That((await AiGatewaySample.AskAsync(header)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task List_OfAGateway_HoldsItsOwnTokensOnly()
    {
        var (here, _) = await AiGatewaySample.MakeTokenAsync();
        var (there, _) = await AiGatewaySample.MakeTokenAsync(tokens: AiGatewaySample.OtherTokens);

        var list = (await AiGatewaySample.Running.GetAsync(AiGatewaySample.Tokens, AiGatewaySample.Admin)).Body;

        Assert.That(list, Does.Contain(here).And.Contain("GATEWAY_TOKEN").And.Not.Contain(there).And.Not.Contain("aigw_live_"));
    }

    [Test]
    public async Task Status_Inactive_DoesNotPass()
    {
        var issued = await AiGatewaySample.Running.IssueAsync(AiGatewaySample.OfDemoGateway);
        await AiGatewaySample.Running.ManageAsync(
            keys => keys.UpdateAsync(ApiKeyCaller.System, issued.Key.Id, new ApiKeyPatch { Enabled = false }));

        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(AiGatewaySample.Bearer(issued.Secret)));
        Assert.That((await RowAsync(issued.Key.Id)).GetProperty("status").GetString(), Is.EqualTo("INACTIVE"));
    }

    [Test]
    public async Task Status_Revoked_DoesNotPass()
    {
        var issued = await AiGatewaySample.Running.IssueAsync(AiGatewaySample.OfDemoGateway);
        await AiGatewaySample.Running.ManageAsync(keys => keys.RevokeAsync(ApiKeyCaller.System, issued.Key.Id));

        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(AiGatewaySample.Bearer(issued.Secret)));
        Assert.That((await RowAsync(issued.Key.Id)).GetProperty("status").GetString(), Is.EqualTo("REVOKED"));
    }

    [Test]
    public async Task List_OfAUsedToken_ShowsItsLastUse()
    {
        var (id, header) = await AiGatewaySample.MakeTokenAsync();
        Assert.That((await RowAsync(id)).GetProperty("lastUsedAt").ValueKind, Is.EqualTo(JsonValueKind.Null));

        await AiGatewaySample.AskAsync(header);

        string? lastUse = null;
        await Eventually.IsTrueAsync(async () => (lastUse = (await RowAsync(id)).GetProperty("lastUsedAt").GetString()) is not null);
        Assert.That(lastUse, Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"));
    }

    [Test]
    public async Task Expiration_OfAToken_IsListedAndOptional()
    {
        var made = await AiGatewaySample.Running.SendAsync(
            "POST", AiGatewaySample.Tokens, """{"name":"n","expiresAt":"2099-12-31"}""", AiGatewaySample.Admin);

        Assert.That((made.Status, made.Json.GetProperty("expiresAt").GetString()), Is.EqualTo((201, "2099-12-31")));
        Assert.That(
            (await RowAsync(made.Json.GetProperty("id").GetString()!)).GetProperty("expiresAt").GetString(), Is.EqualTo("2099-12-31"));
        Assert.That(
            (await RowAsync((await AiGatewaySample.MakeTokenAsync()).Id)).GetProperty("expiresAt").ValueKind,
            Is.EqualTo(JsonValueKind.Null));
    }

    private static async Task<JsonElement> RowAsync(string id) =>
        (await AiGatewaySample.Running.GetAsync(AiGatewaySample.Tokens, AiGatewaySample.Admin)).Json.GetProperty("tokens").EnumerateArray()
            .Single(row => row.GetProperty("id").GetString() == id);
}
