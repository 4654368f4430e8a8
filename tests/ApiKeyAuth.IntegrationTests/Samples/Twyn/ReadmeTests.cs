namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

[Order(1), Parallelizable(ParallelScope.All)]
internal sealed class ReadmeTests
{
    [TestCase("bash")]
    [TestCase("zsh", Category = "Long")]
    public Task ShellLines_Pasted_PrintWhatTheReadmeSays(string shell) =>
        ReadmeScript.AssertPrintsWhatItSaysAsync("Twyn", "http://localhost:5083", shell);

    [Test]
    public void Start_InDevelopment_PrintsItsCredentials() =>
        Assert.That(TwynSample.Running.Exported.Keys, Is.EqualTo(new[] { "TWYN_API_KEY", "TWYN_TEST_KEY", "TWYN_OTHER_TENANT_KEY" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "Twyn", "Program.cs")), Has.Length.LessThan(60));
}
