using System.Text.Json.Nodes;

namespace ApiKeyAuth.IntegrationTests.Cli.Imports;

/// <summary>
/// Provides the files of other systems, which were written by hand with synthetic keys, and settings that accept the keys.
/// </summary>
internal static class ImportFixture
{
    private const string AcceptedFormats = """
        [
          { "Prefix": "uk_", "Alphabet": "Base62", "Length": 24 },
          { "Prefix": "ba_", "Alphabet": "Base62", "Length": 64 },
          { "Prefix": "zpka_", "Alphabet": "Hex", "Separator": "_", "Length": 41 },
          { "Prefix": "sk-", "Alphabet": "Base62", "Length": 22 },
          { "Alphabet": "Hex", "Length": 56 },
          { "Alphabet": "Base62", "MinLength": 20, "MaxLength": 40 }
        ]
        """;

    public static string PathOf(string file) =>
        Repository.PathOf("tests", "ApiKeyAuth.IntegrationTests", "Cli", "Imports", "Fixtures", file);

    /// <summary>Gets the accepted formats as environment variables of an app.</summary>
    public static Dictionary<string, string?> Variables => JsonNode.Parse(AcceptedFormats)!.AsArray().Index()
        .SelectMany(format => format.Item!.AsObject().Select(
            member => KeyValuePair.Create($"ApiKeyAuth__AcceptedFormats__{format.Index}__{member.Key}", (string?)member.Value!.ToString())))
        .ToDictionary();

    /// <summary>Writes the settings of the Quickstart with the accepted formats.</summary>
    public static async Task WriteSettingsAsync(ToolHost tool)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("samples", "Quickstart", "appsettings.json")))!;
        settings["ApiKeyAuth"]!["AcceptedFormats"] = JsonNode.Parse(AcceptedFormats);
        await File.WriteAllTextAsync(tool.PathOf("appsettings.json"), settings.ToJsonString());
    }
}
