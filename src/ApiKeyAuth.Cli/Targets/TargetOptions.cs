using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Represents the options that choose where keys are managed: an option, else an environment variable, else a profile.</summary>
/// <param name="console">The console.</param>
internal sealed class TargetOptions(ToolConsole console)
{
    private const string DefaultProfile = "default";

    private readonly Option<string?> _connection = new("--connection", "-c")
    {
        Description = "The database: a connection string of SQLite or PostgreSQL, a SQLite file, or name=NAME of the settings. "
            + "The default is APIKEYAUTH_CONNECTION.",
    };

    private readonly Option<string?> _redis = new("--redis")
    {
        Description = "The Redis backplane of the app, so that its nodes apply a change at once: a connection string, or name=NAME of the "
            + "settings. Only with --connection. The default is APIKEYAUTH_REDIS.",
    };

    private readonly Option<string?> _url = new("--url", "-u")
    {
        Description = "The management API of a host, with the key in APIKEYAUTH_KEY or a profile. The default is APIKEYAUTH_URL.",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "The profile with the address and the key, see 'apikeyauth profile'. The default is APIKEYAUTH_PROFILE or default.",
    };

    private readonly Option<string?> _settings = SettingsFiles.CreateOption();

    public void AddTo(Command command)
    {
        Option[] options = [_connection, _redis, _url, _profile, _settings];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    public string? GetSettingsPath(ParseResult result) => result.GetValue(_settings);

    /// <summary>Opens the target that a command line chooses.</summary>
    public async Task<IKeyTarget> OpenAsync(ParseResult result, CancellationToken cancellationToken) =>
        await TryOpenAsync(result, cancellationToken) ?? throw ToolException.Usage(
            "No database or host was named. Pass --connection or --url, or run 'apikeyauth profile add'.");

    /// <summary>Opens the target, or returns null if the command line chooses none.</summary>
    public async Task<IKeyTarget?> TryOpenAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var (connection, url, profile) = (result.GetValue(_connection), result.GetValue(_url), result.GetValue(_profile));
        if (connection is not null && (url ?? profile) is not null)
        {
            throw ToolException.Usage("--connection cannot be combined with --url or --profile. Pass one of them.");
        }

        if (connection is null && url is null && profile is null)
        {
            connection = console.GetVariable("APIKEYAUTH_CONNECTION");
            url = console.GetVariable("APIKEYAUTH_URL");
        }

        if (connection is null && result.GetValue(_redis) is not null)
        {
            throw ToolException.Usage("--redis needs --connection: a host publishes its changes itself. Remove it.");
        }

        return connection is not null ? await OpenDatabaseAsync(connection, result, cancellationToken) : OpenHost(url, profile);
    }

    /// <summary>Opens a database, for commands that need one.</summary>
    public async Task<DatabaseTarget> OpenDatabaseAsync(ParseResult result, CancellationToken cancellationToken) =>
        await OpenAsync(result, cancellationToken) as DatabaseTarget
            ?? throw ToolException.Usage("The command needs the database itself. Pass --connection.");

    /// <summary>Checks an address, which must not send a key in plain text over a network.</summary>
    public static Uri ParseUrl(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0
            ? throw ToolException.Usage("The address must be a URL such as https://example.com/api-keys, without a user. Correct --url.")
            : url.Scheme == "https" || url.IsLoopback ? url
            : throw ToolException.Usage("The address would send the key in plain text. Use https.");

    private async Task<DatabaseTarget> OpenDatabaseAsync(string connection, ParseResult result, CancellationToken cancellationToken)
    {
        var (services, description) = await DatabaseServices.CreateAsync(
            console,
            connection,
            result.GetValue(_redis) ?? console.GetVariable("APIKEYAUTH_REDIS"),
            GetSettingsPath(result),
            cancellationToken);
        return new DatabaseTarget(services, description, console);
    }

    private HttpTarget? OpenHost(string? url, string? profileName)
    {
        var key = console.GetVariable("APIKEYAUTH_KEY");
        if (url is not null && key is not null && profileName is null)
        {
            return new HttpTarget(ParseUrl(url), key);
        }

        var name = profileName ?? console.GetVariable("APIKEYAUTH_PROFILE");
        var profile = new ProfileFile(console).Find(name ?? DefaultProfile);
        if (profile is null && name is not null)
        {
            throw new ToolException($"The profile {name} does not exist. Run 'apikeyauth profile list'.");
        }

        if (profile is not null && (url is null || ParseUrl(url).Authority == ParseUrl(profile.Url).Authority))
        {
            return new HttpTarget(ParseUrl(url ?? profile.Url), profileName is null && url is not null ? key ?? profile.Key : profile.Key);
        }

        return url is null ? null : throw new ToolException(
            "The host needs a key. Set APIKEYAUTH_KEY, or run 'apikeyauth profile add default --url URL'.", ExitCodes.NotAuthenticated);
    }
}
