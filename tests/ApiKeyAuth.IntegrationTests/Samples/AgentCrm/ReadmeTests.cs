using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

internal sealed class ReadmeTests
{
    [Test]
    public async Task ShellLines_AsTheyStand_KeepTheirPromises()
    {
        await using var sample = await RunningSample.StartAsync("AgentCrm");
        await ReadmeScript.AssertKeepsItsPromisesAsync(sample, "AgentCrm", "http://localhost:5085");
    }

    [Test]
    public void Start_InDevelopment_PrintsItsCredentials() =>
        Assert.That(AgentCrmSample.Running.Exported.Keys, Is.EqualTo(new[] { "CRM_JWT", "CRM_READONLY_JWT" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "AgentCrm", "Program.cs")), Has.Length.LessThan(60));
}
