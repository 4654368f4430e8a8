using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Creates a SARIF 2.1.0 document of findings, which code hosts and editors show.</summary>
internal static class SarifDocument
{
    private const string RuleId = "apikeyauth-key";

    public static JsonObject Create(IEnumerable<ScanFinding> findings) => new()
    {
        ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "apikeyauth",
                    ["version"] = VersionAction.Version,
                    ["rules"] = new JsonArray(new JsonObject
                    {
                        ["id"] = RuleId,
                        ["name"] = "ApiKeyInText",
                        ["shortDescription"] = new JsonObject { ["text"] = "An API key is written in plain text." },
                        ["help"] = new JsonObject
                        {
                            ["text"] = "Revoke the key by 'apikeyauth keys revoke', and read the new one from a secret store.",
                        },
                    }),
                },
            },
            ["results"] = new JsonArray([.. findings.Select(CreateResult)]),
        }),
    };

    private static JsonObject CreateResult(ScanFinding finding) => new()
    {
        ["ruleId"] = RuleId,
        ["ruleIndex"] = 0,
        ["level"] = finding.Status switch
        {
            null or "active" => "error",
            "unknown" => "warning",
            _ => "note",
        },
        ["message"] = new JsonObject { ["text"] = ScanText.Describe(finding) },
        ["locations"] = new JsonArray(new JsonObject
        {
            ["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = string.Join('/', finding.Path.Split('/').Select(Uri.EscapeDataString)) },
                ["region"] = new JsonObject { ["startLine"] = finding.Line, ["startColumn"] = finding.Column },
            },
        }),
    };
}
