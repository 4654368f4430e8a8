using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Represents the options for what a file does not say about its keys.</summary>
internal sealed class ImportDefaultOptions
{
    private readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "A scope of keys for which the file has none. Repeat the option for more.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> _scopeMap = new("--map-scope")
    {
        Description = "A scope of the file and that of the app: 'admins=agents:write'; without the second one, it is left out.",
        HelpName = "from=to",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _environment = new("--environment", "-e")
    {
        Description = "The environment of keys for which the file has none.",
    };

    private readonly Option<string?> _tenant = new("--tenant") { Description = "The tenant of keys for which the file has none." };

    private readonly Option<string?> _kind = new("--kind") { Description = "The kind of keys for which the file has none." };

    private readonly Option<bool> _allowExpired = new("--allow-expired") { Description = "Also import keys that have expired." };

    public Symbol[] All => [_scopes, _scopeMap, _environment, _tenant, _kind, _allowExpired];

    public ImportDefaults Read(ParseResult result)
    {
        var scopes = result.GetValue(_scopes) is { Length: > 0 } list ? list : null;
        KeyValues.CheckScopes(scopes ?? [], ScopeCatalog.Empty);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in result.GetValue(_scopeMap) ?? [])
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } from, var to])
            {
                throw ToolException.Usage("--map-scope must be a scope of the file, '=', and a scope of the app or nothing.");
            }

            map[from] = to;
        }

        return new ImportDefaults
        {
            Scopes = scopes,
            ScopeMap = map,
            Environment = result.GetValue(_environment),
            TenantId = result.GetValue(_tenant),
            Kind = result.GetValue(_kind),
            AllowsExpired = result.GetValue(_allowExpired),
        };
    }
}
