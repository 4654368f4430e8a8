namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

[Order(1), Parallelizable(ParallelScope.All)]
internal sealed class ReadmeTests
{
    [TestCase("bash")]
    [TestCase("zsh", Category = "Long")]
    public Task ShellLines_Pasted_PrintWhatTheReadmeSays(string shell) =>
        ReadmeScript.AssertPrintsWhatItSaysAsync("TwinExpert", "http://localhost:5081", shell);

    [Test]
    public void Start_InDevelopment_PrintsItsCredential() =>
        Assert.That(TwinExpertSample.Running.Exported.Keys, Is.EqualTo(new[] { "TWIN_JWT" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "TwinExpert", "Program.cs")), Has.Length.LessThan(60));
}
