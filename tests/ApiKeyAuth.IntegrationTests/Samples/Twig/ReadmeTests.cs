namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

[Order(1), Parallelizable(ParallelScope.All)]
internal sealed class ReadmeTests
{
    [TestCase("bash")]
    [TestCase("zsh", Category = "Long")]
    public Task ShellLines_Pasted_PrintWhatTheReadmeSays(string shell) =>
        ReadmeScript.AssertPrintsWhatItSaysAsync("Twig", "http://localhost:5082", shell);

    [Test]
    public void Start_InDevelopment_PrintsItsCredentials() => Assert.That(
        TwigSample.Running.Exported.Keys,
        Is.EqualTo(new[] { "TWIG_ADMIN_KEY", "TWIG_EXPIRED_KEY", "TWIG_USER", "TWIG_PASSWORD", "TWIG_CLIENT_ID", "TWIG_REDIRECT_URI" }));

    [Test]
    public void Program_OfTheSample_IsOnePage() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "Twig", "Program.cs")), Has.Length.LessThan(60));
}
