namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's heading "Tenant Isolation": its three promises.</summary>
internal sealed class TenantIsolationTests
{
    [TestCase("123")]
    [TestCase("sim_123")]
    public async Task OwnSimulations_Only_AreAccessible(string id)
    {
        var path = $"{TwynSample.Simulations}/{id}";
        Assert.That((await TwynSample.Running.GetAsync(path, TwynSample.Live)).Status, Is.EqualTo(200));
        TwynSample.AssertDetail(
            await TwynSample.Running.GetAsync(path, TwynSample.OtherTenant), 403, "Access denied: simulation belongs to different tenant");
    }

    [TestCase("GET", null)]
    [TestCase("PATCH", """{"is_active":false}""")]
    [TestCase("DELETE", null)]
    public async Task OwnApiKeys_Only_AreManaged(string method, string? body)
    {
        var (id, header) = await TwynSample.MakeKeyAsync();

        var foreign = await TwynSample.Running.SendAsync(method, $"{TwynSample.Keys}/{id}", body, TwynSample.OtherTenant);
        var none = await TwynSample.Running.SendAsync(method, $"{TwynSample.Keys}/key_none", body, TwynSample.OtherTenant);

        TwynSample.AssertDetail(foreign, 404, "The API key does not exist");
        Assert.That(none.Body, Is.EqualTo(foreign.Body));
        Assert.That(
            (await TwynSample.Running.GetAsync(TwynSample.Simulations, header)).Status, Is.EqualTo(200), "and nothing happened to it");
    }

    [Test]
    public async Task Data_OfOtherTenants_IsInNoList()
    {
        var made = await TwynSample.Running.SendAsync("POST", TwynSample.Simulations, """{"name":"theirs"}""", TwynSample.OtherTenant);
        var id = made.Json.GetProperty("id").GetString();

        Assert.That(await TwynSample.SimulationsOfAsync(TwynSample.OtherTenant), Is.EqualTo(new[] { id }));
        Assert.That(await TwynSample.SimulationsOfAsync(TwynSample.Live), Has.No.Member(id).And.Member("123"));
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Keys, TwynSample.OtherTenant)).Body, Does.Not.Contain("tenant_acme"));
    }
}
