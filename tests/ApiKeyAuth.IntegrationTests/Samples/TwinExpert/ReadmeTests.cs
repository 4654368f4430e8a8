using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

internal sealed class ReadmeTests
{
    [Test]
    public async Task ShellLines_AsTheyStand_KeepTheirPromises()
    {
        await using var sample = await RunningSample.StartAsync("TwinExpert");
        await ReadmeScript.AssertKeepsItsPromisesAsync(sample, "TwinExpert", "http://localhost:5081");
    }

    [Test]
    public void Start_InDevelopment_PrintsItsCredential() => Assert.That(TwinExpertSample.Running.Exported.Keys, Is.EqualTo(new[] { "TWIN_JWT" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "TwinExpert", "Program.cs")), Has.Length.LessThan(60));
}
