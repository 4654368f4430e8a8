using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's head "Rotation": by hand in its five steps, and by the command that cron calls.</summary>
[Category("Long"), Order(1), Parallelizable(ParallelScope.All)]
internal sealed class RotationTests
{
    private const string Cron = "0 0 1 */3 * /usr/local/bin/rotate-keys.sh";

    [Test]
    public async Task ManualRotation_InItsSteps_LeavesTheNewKey()
    {
        var (old, oldKey) = await TwigSample.MakeKeyAsync("agents:read");
        var (_, newKey) = await TwigSample.MakeKeyAsync("agents:read");
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(newKey))).Status, Is.EqualTo(200));

        Assert.That(
            (await TwigSample.Running.SendAsync("DELETE", $"{TwigSample.Keys}/{old}", null, TwigSample.Admin)).Status, Is.EqualTo(204));

        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(oldKey))).Status, Is.EqualTo(401));
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(newKey))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AutomatedRotation_OfTheScript_RotatesWhatWouldPass90Days()
    {
        // A separate app, so that the rotation does not affect other tests.
        await using var sample = await RunningSample.StartAsync("Twig");
        var aged = await ImportAsync(sample, "aged", TimeSpan.FromDays(80));
        var young = await ImportAsync(sample, "young", TimeSpan.FromDays(10));
        var nextRun = TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd", null);

        var (exitCode, output) = await RotateAsync(sample, "--next-run", nextRun);

        Assert.That(exitCode, Is.Zero, output);
        var line = JsonDocument.Parse(output.Trim()).RootElement;
        var renewed = line.GetProperty("key").GetString()!;
        Assert.That(line.GetProperty("name").GetString(), Is.EqualTo("aged"));
        foreach (var key in new[] { renewed, aged, young })
        {
            Assert.That(
                (await sample.GetAsync(TwigSample.Agents, TwigSample.Bearer(key))).Status,
                Is.EqualTo(200),
                "the old secret lives on for a week");
        }

        var again = await RotateAsync(sample, "--next-run", nextRun);
        Assert.That(again, Is.EqualTo((0, "")), "once is enough");
    }

    [Test]
    public async Task AutomatedRotation_AsCronCallsIt_TakesTheNextQuarter()
    {
        await using var sample = await RunningSample.StartAsync("Twig");
        await ImportAsync(sample, "ancient", TimeSpan.FromDays(200));

        var (exitCode, output) = await RotateAsync(sample);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("\"name\":\"ancient\""));
        Assert.That(await File.ReadAllTextAsync(Script), Does.Contain(Cron));
    }

    [TestCase("link")]
    [TestCase("copy")]
    public async Task AutomatedRotation_FromTheCrontabPath_RunsInTheEnvironmentOfCron(string kind)
    {
        await using var sample = await RunningSample.StartAsync("Twig");
        await ImportAsync(sample, "ancient", TimeSpan.FromDays(200));
        var bin = Directory.CreateDirectory(Path.Combine(sample.Environment["HOME"]!, "usr", "local", "bin")).FullName;
        var path = Path.Combine(bin, "rotate-keys.sh");
        string[] folder = [];
        if (kind == "link")
        {
            File.CreateSymbolicLink(path, Script);
        }
        else
        {
            File.Copy(Script, path);
            Assert.That((await RunAsync()).ExitCode, Is.EqualTo(2));
            Assert.That((await RunAsync()).Output, Does.Contain("Set TWIG_FOLDER to its folder"));
            folder = [$"TWIG_FOLDER={Path.GetDirectoryName(Script)}"];
        }

        var (exitCode, output) = await RunAsync();

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("\"name\":\"ancient\""));

        Task<(int ExitCode, string Output)> RunAsync() => RunningProcess.RunAsync(
            "env",
            [
                "-i", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", .. folder,
                .. sample.Environment.Select(variable => $"{variable.Key}={variable.Value}"), "/bin/sh", "-c", path,
            ],
            "/");
    }

    [TestCase("--next-run", "soon")]
    [TestCase("--force")]
    public async Task AutomatedRotation_WithABadArgument_SaysWhatItTakes(params string[] arguments)
    {
        var (exitCode, output) = await RotateAsync(TwigSample.Running, arguments);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain("--next-run <date>"));
    }

    private static string Script => Repository.PathOf("samples", "Twig", "rotate-keys.sh");

    private static Task<(int ExitCode, string Output)> RotateAsync(RunningSample sample, params string[] arguments) =>
        RunningProcess.RunAsync("bash", [Script, .. arguments], Path.GetTempPath(), sample.Environment);

    private static async Task<string> ImportAsync(RunningSample sample, string name, TimeSpan age)
    {
        // A living key's secret, taken over as one made that long ago.
        var living = await sample.IssueAsync(TwigSample.OfDemoOrganization);
        await sample.ManageAsync(keys => keys.DeleteAsync(ApiKeyCaller.System, living.Key.Id));
        var aged = new ImportedApiKey
        {
            Key = TwigSample.OfDemoOrganization with { Name = name },
            Hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(living.Secret))),
            CreatedAt = TimeProvider.System.GetUtcNow() - age,
        };
        await sample.ManageAsync(async keys => (await keys.ImportAsync(ApiKeyCaller.System, [aged]))[0]);
        return living.Secret;
    }
}
