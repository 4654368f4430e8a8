using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Represents the option <c>--json</c>, which writes chosen members of the records as JSON.</summary>
internal sealed class JsonOption : Option<string?>
{
    private const string AllFields = "*";
    private readonly IReadOnlyList<string> _fields;

    /// <summary>Initializes the option.</summary>
    /// <param name="fields">The members that a record can have.</param>
    public JsonOption(IReadOnlyList<string> fields)
        : base("--json")
    {
        _fields = fields;
        Description = "Write JSON with these fields, separated by commas, or '*' for all. Without fields, they are listed.";
        HelpName = "fields";
        Arity = ArgumentArity.ZeroOrOne;
    }

    /// <summary>Returns the chosen members, or null if the option was not passed.</summary>
    /// <exception cref="ToolException">No member was chosen, or one is unknown.</exception>
    public IReadOnlyList<string>? Read(ParseResult result)
    {
        if (result.GetResult(this) is null)
        {
            return null;
        }

        var chosen = (result.GetValue(this) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (chosen.Length == 0)
        {
            throw ToolException.Usage($"Choose fields for --json: {string.Join(", ", _fields)}, or '*' for all.");
        }

        return chosen is [AllFields] ? _fields
            : chosen.FirstOrDefault(field => !_fields.Contains(field, StringComparer.Ordinal)) is { } unknown
                ? throw ToolException.Usage(
                    $"Unknown field{(SecretText.IsWord(unknown) ? $" '{unknown}'" : "")} in --json. "
                    + $"Choose from: {string.Join(", ", _fields)}.")
                : chosen;
    }
}
