using System.Text.RegularExpressions;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>The page's head "Quản lý qua Admin UI": a key is created, copied once, and ends at once when it is deleted.</summary>
[Order(1)]
internal sealed class AdminUiTests
{
    [Test]
    public async Task AdminUi_PlusNameCreateCopyAndBin_EndsTheKeyAtOnce()
    {
        using var dashboard = await SampleDashboard.OpenAsync(AgentCrmSample.Running);
        var shown = await dashboard.PostAsync(
            "/new", "/new", ("name", "OpenFang Sales Agent"), ("hasScopes", "1"), ("scopes", "leads:read"));
        var secret = SampleDashboard.FindSecret(shown);
        var before = await AgentCrmSample.Running.GetAsync("/api/agent/leads", "X-Agent-Token: " + secret);
        var id = Regex.Match(shown, "/app/key/([^/\"]+)").Groups[1].Value;
        var deleted = await dashboard.PostAsync($"/bulk?action=delete&id={id}", "/bulk", ("action", "delete"), ("id", id));
        var after = await AgentCrmSample.Running.GetAsync("/api/agent/leads", "X-Agent-Token: " + secret);

        Assert.That(dashboard.Path, Is.EqualTo("/app"));
        Assert.That(shown, Does.Contain($"X-Agent-Token: {secret}"));
        Assert.That(deleted, Does.Contain("1 key was deleted."));
        Assert.That((before.Status, after.Status), Is.EqualTo((200, 401)));
    }
}
