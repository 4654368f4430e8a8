using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ApiKeyAuth.Startup;
using ApiKeyAuth.Tests.Startup;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Finds the settings that the app reads, and their types and ranges, by the problems that invalid settings cause.</summary>
internal static partial class SettingProbe
{
    private const string Unknown = "?";
    private const string Invalid = "\u00a7";

    // Sections whose members have names that the app chooses.
    private static readonly string[] NamedSections = ["Schemes", "Webhooks"];

    // Several hundred apps are configured to find them, so two fixtures share the result.
    private static readonly Lazy<IReadOnlyList<ProbedSetting>> Found = new(FindAll);

    /// <summary>Gets the settings of all sections. Items of lists are written as <c>Keys[]</c>.</summary>
    public static IReadOnlyList<ProbedSetting> All => Found.Value;

    private static List<ProbedSetting> FindAll()
    {
        var settings = new List<ProbedSetting>();
        Find("", settings);
        return settings;
    }

    private static void Find(string section, List<ProbedSetting> settings)
    {
        var problems = FindProblems(section, new JsonObject { [Unknown] = "x" });
        var members = problems.Select(problem => Members().Match(problem)).First(match => match.Success);
        foreach (var name in members.Groups["names"].Value.Split(", "))
        {
            var path = section.Length == 0 ? name : $"{section}:{name}";
            if (FindSection(name, path) is { } nested)
            {
                Find(nested, settings);
            }
            else
            {
                var type = FindType(section, name);
                settings.Add(new ProbedSetting(path, type, FindRange(section, name, type)));
            }
        }
    }

    /// <summary>Finds the path of the section below a setting: its own, or that of its items or its named members.</summary>
    private static string? FindSection(string name, string path)
    {
        string[] forms = NamedSections.Contains(name) ? [$"{path}:{{name}}"] : [path, $"{path}[]"];
        return forms.FirstOrDefault(form => FindProblems(form, new JsonObject { [Unknown] = "x" })
            .Any(problem => Members().Match(problem) is { Success: true } match && match.Value.Contains(name, StringComparison.Ordinal)));
    }

    private static string FindType(string section, string name)
    {
        var type = FindProblem(section, name, Invalid) switch
        {
            null => "text",
            var problem when problem.Contains("true or false", StringComparison.Ordinal) => "`true` or `false`",
            var problem when problem.Contains("whole number", StringComparison.Ordinal) => "number",
            var problem when problem.Contains("a duration", StringComparison.Ordinal) => "duration",
            var problem when problem.Contains("valid rate limit. ", StringComparison.Ordinal) => "rate limits",
            var problem when problem.Contains("rate limit", StringComparison.Ordinal) => "rate limit",
            var problem when problem.Contains("a date", StringComparison.Ordinal) => "date or time",
            var problem when problem.Contains("neither hourly nor daily", StringComparison.Ordinal) => "`hourly` or `daily`",
            var problem when problem.Contains("write a list", StringComparison.Ordinal) => FindTypeOfList(section, name),
            var problem when Choice().Match(problem) is { Success: true } choice =>
                Word().Replace(choice.Groups[1].Value, word => word.Value == "or" ? "or" : $"`{word.Value}`"),
            _ => "text",
        };
        return type is "number" or "duration" or "rate limit" && FindProblem(section, name, "none") is null ? $"{type}, or `none`" : type;
    }

    private static string FindTypeOfList(string section, string name) => FindProblem(section, name, new JsonArray(Invalid)) switch
    {
        _ when name is "Metadata" or "PublicKeys" => "texts by name",
        _ when (section, name) is ("LeakReports", "Environments") => "actions by name",
        var problem when problem?.Contains("is not a network", StringComparison.Ordinal) == true => "list of networks",
        var problem when problem?.Contains("is not a valid scope", StringComparison.Ordinal) == true => "list of scopes",
        _ => "list of texts",
    };

    private static string FindRange(string section, string name, string type)
    {
        var value = type.Split(',')[0] switch { "number" => "-2147483648", "duration" => "-00:00:01", _ => null };
        return value is not null && FindProblem(section, name, value) is { } problem && Range().Match(problem) is { Success: true } range
            ? $"{Shorten(range.Groups[1].Value)} to {Shorten(range.Groups[2].Value)}"
            : "";
    }

    private static string Shorten(string value) => value.Contains(':', StringComparison.Ordinal)
        ? SettingValue.Format(TimeSpan.Parse(value, CultureInfo.InvariantCulture))
        : long.Parse(value, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

    private static string? FindProblem(string section, string name, JsonNode value) =>
        FindProblems(section, new JsonObject { [name] = value }).FirstOrDefault(problem => Regex.IsMatch(problem, $"^[^ ]*:{name}(:0)? "));

    /// <summary>Configures an app with members of a section and returns all problems.</summary>
    private static List<string> FindProblems(string section, JsonObject members)
    {
        JsonNode node = members;
        foreach (var part in section.Split(':', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            node = part == "{name}" ? new JsonObject { ["name"] = node }
                : part.EndsWith("[]", StringComparison.Ordinal) ? new JsonObject { [part[..^2]] = new JsonArray(node) }
                : new JsonObject { [part] = node };
        }

        var builder = StartUp.CreateBuilder("Development", out _).AddJson(new JsonObject { ["ApiKeyAuth"] = node }.ToJsonString());
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore().AddAlerts();
        var app = builder.Build();
        var problems = new SettingsCheck(app.Services).FindProblems().Problems;
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return problems;
    }

    [GeneratedRegex(@"^(\S+:)?\? is not a setting\. \S+ has the settings (?<names>.+)\.$", RegexOptions.ExplicitCapture)]
    private static partial Regex Members();

    [GeneratedRegex(@"must be (\w+(?:, \w+)* or \w+)\.$")]
    private static partial Regex Choice();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?:must be from|use) (\S+) to (\S+?)(?:\.$| )")]
    private static partial Regex Range();
}
