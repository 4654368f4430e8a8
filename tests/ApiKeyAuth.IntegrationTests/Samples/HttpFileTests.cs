using System.Text.Json;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Tests the files of requests that editors send, and that Git ignores the file with their keys.</summary>
[Category("Long"), Parallelizable(ParallelScope.All)]
internal sealed partial class HttpFileTests
{
    private static readonly string[] Names = ["Quickstart", "TwinExpert", "Twig", "Twyn", "AiGateway", "AgentCrm"];

    [TestCaseSource(nameof(Names))]
    public async Task Requests_SentInOrder_HaveTheStatusOfTheirTitles(string name)
    {
        await using var sample = await RunningSample.StartAsync(name);
        var text = await File.ReadAllTextAsync(Repository.PathOf("samples", name, $"{name}.http"));
        var answers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string[] requests = text.ReplaceLineEndings("\n").Split("### ")[1..];
        Assert.That(requests, Has.Length.GreaterThan(5));
        foreach (var request in requests)
        {
            var title = Title().Match(request);
            Assert.That(title.Success, request);
            var answer = await SendAsync(sample, Variable().Replace(request, found => Fill(found.Groups[1].Value, sample, answers)));
            Assert.That(answer.Status, Is.EqualTo(int.Parse(title.Groups[1].Value)), $"{request}\n{answer.Body}");
            if (RequestName().Match(request) is { Success: true } named)
            {
                answers[named.Groups[1].Value] = answer.Json;
            }
        }
    }

    [TestCaseSource(nameof(Names))]
    public void GitIgnore_OfASample_NamesTheFileWithTheKeys(string name) =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", name, ".gitignore")), Does.Contain(".env").And.Contain("data/"));

    [TestCaseSource(nameof(Names))]
    public void Address_OfAFile_IsThatOfTheSample(string name)
    {
        var text = File.ReadAllText(Repository.PathOf("samples", name, $"{name}.http"));
        var address = Regex.Match(text, "^@address = (.*)$", RegexOptions.Multiline).Groups[1].Value;
        var launch = File.ReadAllText(Repository.PathOf("samples", name, "Properties", "launchSettings.json"));
        Assert.That(launch, Does.Contain($"\"{address}\""));
    }

    private static async Task<SampleAnswer> SendAsync(RunningSample sample, string request)
    {
        string[] lines = [.. request.Split('\n').Skip(1).SkipWhile(line => line.StartsWith('#'))];
        var (method, path) = (lines[0].Split(' ')[0], lines[0].Split(' ')[1]);
        string[] headers = [.. lines.Skip(1).TakeWhile(line => line.Length > 0)];
        var body = string.Join('\n', lines.Skip(1 + headers.Length)).Trim();
        string[] sent = [.. headers.Where(header => !header.StartsWith("Content-Type", StringComparison.Ordinal))];
        return await sample.SendAsync(method, path, body.Length == 0 ? null : body, sent);
    }

    /// <summary>Gets the value of a variable: the address, a key of the first start, or a member of an earlier response.</summary>
    private static string Fill(string variable, RunningSample sample, Dictionary<string, JsonElement> answers)
    {
        if (variable.StartsWith("$dotenv ", StringComparison.Ordinal))
        {
            return sample.Export(variable["$dotenv ".Length..]);
        }

        var parts = variable.Split(".response.body.$.");
        return parts is [var name, var path]
            ? path.Split('.').Aggregate(answers[name], (json, member) => json.GetProperty(member)).GetString()!
            : "";
    }

    [GeneratedRegex(@"\((\d{3})\)\n")]
    private static partial Regex Title();

    [GeneratedRegex("^# @name (.+)$", RegexOptions.Multiline)]
    private static partial Regex RequestName();

    [GeneratedRegex(@"\{\{(.+?)\}\}")]
    private static partial Regex Variable();
}
