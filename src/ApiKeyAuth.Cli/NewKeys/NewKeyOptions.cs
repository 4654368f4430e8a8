using System.CommandLine;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Represents the options of the commands that write a key to settings.</summary>
internal sealed class NewKeyOptions
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "The name of the key.", Required = true };

    private readonly Option<string?> _id = new("--id") { Description = "The ID of the key. The default is made from the name." };

    private readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "A scope of the key. Repeat the option for more.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _environment = new("--environment", "-e") { Description = "The environment, such as live or test." };

    private readonly Option<string?> _rateLimits = new("--rate-limit") { Description = "The limits, such as 60/minute,1000/day." };

    private readonly Option<string?> _expires = new("--expires") { Description = "Days, a date or a time: 90d, 2027-12-31." };

    public void AddTo(Command command)
    {
        Option[] options = [_name, _id, _scopes, _environment, _rateLimits, _expires];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    public NewKeyRequest Read(ParseResult result) => new()
    {
        Name = result.GetRequiredValue(_name),
        Id = result.GetValue(_id),
        Scopes = result.GetValue(_scopes) ?? [],
        Environment = result.GetValue(_environment),
        RateLimits = result.GetValue(_rateLimits),
        Expires = result.GetValue(_expires),
    };
}
