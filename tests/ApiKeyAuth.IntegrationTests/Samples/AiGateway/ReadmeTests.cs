namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

[Order(1), Parallelizable(ParallelScope.All)]
internal sealed class ReadmeTests
{
    [TestCase("bash")]
    [TestCase("zsh", Category = "Long")]
    public Task ShellLines_Pasted_PrintWhatTheReadmeSays(string shell) =>
        ReadmeScript.AssertPrintsWhatItSaysAsync("AiGateway", "http://localhost:5084", shell);

    [Test]
    public void Start_InDevelopment_PrintsItsCredentials() =>
        Assert.That(
            AiGatewaySample.Running.Exported.Keys, Is.EqualTo(new[] { "GATEWAY_TOKEN", "OTHER_GATEWAY_TOKEN", "GATEWAY_ADMIN_KEY" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "AiGateway", "Program.cs")), Has.Length.LessThan(60));
}
