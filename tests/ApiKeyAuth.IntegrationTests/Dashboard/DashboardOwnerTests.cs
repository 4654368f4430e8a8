using System.Net;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests a dashboard that the app limits to the keys of one owner.</summary>
public sealed class DashboardOwnerTests
{
    private DashboardApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await DashboardApp.StartAsync(configure: options =>
        options.CallerSelector = (_, caller) => caller.UserId == "ada" ? caller.ToKeysOf("project-1").WithAudience("eu") : null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Create_OnThePagesOfAnOwner_CreatesAKeyOfThatOwner()
    {
        await _app.AddKeyAsync("Of the tenant");
        using var client = await _app.SignInAsync();
        using var created = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.Path}/new", ("name", "Of the project"), ("ownerId", ""));
        var key = await _app.FindKeyAsync(created.Headers.Location!.OriginalString.Split('/')[^2]);
        var list = await client.GetStringAsync(DashboardApp.Path);

        Assert.That((key!.OwnerId, key.Audiences.Single()), Is.EqualTo(("project-1", "eu")));
        Assert.That(list, Does.Contain("Of the project").And.Not.Contain("Of the tenant").And.Not.Contain("name=\"owner\""));
        Assert.That(list, Does.Not.Contain("/audit\"").And.Not.Contain("/alerts\""));
    }

    [Test]
    public async Task Create_ForAnotherOwner_IsForbidden()
    {
        using var client = await _app.SignInAsync();
        using var response = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.Path}/new", ("name", "Foreign"), ("ownerId", "project-2"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("")]
    [TestCase("/edit")]
    [TestCase("/delete")]
    public async Task Get_KeyOfAnotherOwner_ReadsLikeAnUnknownOne(string page)
    {
        var other = await _app.AddKeyAsync("Of the tenant");
        using var client = await _app.SignInAsync();
        using var foreign = await client.GetAsync($"{DashboardApp.Path}/key/{other.Key.Id}{page}");

        Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("")]
    [TestCase("/new")]
    public async Task Get_UserWithoutACaller_IsForbidden(string page)
    {
        using var client = await _app.SignInAsync("eve");
        using var response = await client.GetAsync(DashboardApp.Path + page);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await DashboardApp.ReadAsync(response), Does.Contain("Your account cannot manage keys here."));
    }
}
