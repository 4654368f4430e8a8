namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

[Order(1), Parallelizable(ParallelScope.All)]
internal sealed class ReadmeTests
{
    [TestCase("bash")]
    [TestCase("zsh", Category = "Long")]
    public Task ShellLines_Pasted_PrintWhatTheReadmeSays(string shell) =>
        ReadmeScript.AssertPrintsWhatItSaysAsync("AgentCrm", "http://localhost:5085", shell);

    [Test]
    public void Start_InDevelopment_PrintsItsCredentials() =>
        Assert.That(AgentCrmSample.Running.Exported.Keys, Is.EqualTo(new[] { "CRM_JWT", "CRM_READONLY_JWT" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "AgentCrm", "Program.cs")), Has.Length.LessThan(60));
}
