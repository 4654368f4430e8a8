namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The limits that all keys of a tenant share, the rotation, and the scenarios.</summary>
internal sealed class TenantLimitTests
{
    private const string Scenarios = "/v1/scenarios";

    [Test]
    public async Task CreateAKey_MoreThanATenantMayHave_IsAConflict()
    {
        await using var sample = await RunningSample.StartAsync("Twyn");
        var header = "X-API-Key: " + sample.Export("TWYN_OTHER_TENANT_KEY");
        for (var count = 2; count <= 100; count++)
        {
            Assert.That((await sample.SendAsync("POST", TwynSample.Keys, """{"name":"n"}""", header)).Status, Is.EqualTo(201));
        }

        var refused = await sample.SendAsync("POST", TwynSample.Keys, """{"name":"n"}""", header);
        Assert.That(refused.Status, Is.EqualTo(409), refused.Body);
        var other = await sample.SendAsync(
            "POST", TwynSample.Keys, """{"name":"n"}""", "X-API-Key: " + sample.Export("TWYN_API_KEY"));
        Assert.That(other.Status, Is.EqualTo(201), "another tenant has its own number");
    }

    [Test]
    public async Task RateLimited_LastMinute_IsSingular()
    {
        var header = await TwynSample.MakeLimitedKeyAsync("1/minute");
        await TwynSample.Running.GetAsync(TwynSample.Simulations, header);
        var rejected = await TwynSample.Running.GetAsync(TwynSample.Simulations, header);
        Assert.That(
            rejected.Json.GetProperty("message").GetString(), Is.EqualTo("Rate limit exceeded. Try again in 1 minute."), rejected.Body);
    }

    [Test]
    public async Task Rotate_Key_KeepsTheOldSecretForTheGrace()
    {
        var (id, old) = await TwynSample.MakeKeyAsync();
        var rotated = await TwynSample.Running.SendAsync("POST", $"{TwynSample.Keys}/{id}/rotate", """{"grace_minutes":5}""", old);
        Assert.That(rotated.Status, Is.EqualTo(200), rotated.Body);
        var fresh = "X-API-Key: " + rotated.Json.GetProperty("api_key").GetString();
        Assert.That(
            ((await TwynSample.Running.GetAsync(TwynSample.Simulations, old)).Status,
                (await TwynSample.Running.GetAsync(TwynSample.Simulations, fresh)).Status),
            Is.EqualTo((200, 200)));

        var invalid = await TwynSample.Running.SendAsync("POST", $"{TwynSample.Keys}/{id}/rotate", """{"grace_minutes":-1}""", fresh);
        var again = await TwynSample.Running.SendAsync("POST", $"{TwynSample.Keys}/{id}/rotate", "{}", fresh);
        var foreign = await TwynSample.Running.SendAsync("POST", $"{TwynSample.Keys}/{id}/rotate", "{}", TwynSample.OtherTenant);
        Assert.That((invalid.Status, again.Status, foreign.Status), Is.EqualTo((400, 409, 404)));
    }

    [Test]
    public async Task Scenarios_OfATenantAndEnvironment_AreItsOwn()
    {
        var made = await TwynSample.Running.SendAsync(
            "POST", Scenarios, """{"name":"Rain","simulation_id":"sim_123"}""", TwynSample.Live);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        var path = $"{Scenarios}/{made.Json.GetProperty("id").GetString()}";

        Assert.That((await TwynSample.Running.GetAsync(path, TwynSample.Live)).Body, Is.EqualTo(made.Body));
        Assert.That((await TwynSample.Running.GetAsync(Scenarios, TwynSample.Live)).Body, Does.Contain(made.Body));
        foreach (var header in new[] { TwynSample.Test, TwynSample.OtherTenant })
        {
            TwynSample.AssertDetail(await TwynSample.Running.GetAsync(path, header), 404, "Scenario not found");
            Assert.That((await TwynSample.Running.GetAsync(Scenarios, header)).Body, Is.EqualTo("[]"));
        }
    }

    [TestCase("""{"name":"Rain","simulation_id":"none"}""", "simulation_id must be the ID of a simulation of your tenant")]
    [TestCase("""{"name":"Rain"}""", "simulation_id must be the ID of a simulation of your tenant")]
    [TestCase("""{"name":" ","simulation_id":"sim_123"}""", "name ")]
    public async Task CreateAScenario_Invalid_Is400(string body, string fault)
    {
        var refused = await TwynSample.Running.SendAsync("POST", Scenarios, body, TwynSample.Live);
        Assert.That((refused.Status, refused.Body), Is.EqualTo((400, refused.Body)));
        Assert.That(refused.Body, Does.Contain(fault));
    }

    [Test]
    public async Task CreateAScenario_InASimulationOfAnotherTenant_Is400()
    {
        var refused = await TwynSample.Running.SendAsync(
            "POST", Scenarios, """{"name":"Rain","simulation_id":"sim_123"}""", TwynSample.OtherTenant);
        Assert.That(refused.Status, Is.EqualTo(400), refused.Body);
    }
}
