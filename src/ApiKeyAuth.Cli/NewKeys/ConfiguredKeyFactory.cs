using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Creates keys and their entries in the settings.</summary>
/// <param name="settings">The settings of the app.</param>
/// <param name="clock">The clock.</param>
internal sealed class ConfiguredKeyFactory(AppSettings settings, TimeProvider clock)
{
    private const string IdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int MaxIdLength = 200;

    /// <summary>Creates a key.</summary>
    /// <param name="request">The values of the key.</param>
    /// <param name="defaultEnvironment">Chooses the environment from those of the format, if the request has none.</param>
    /// <exception cref="ToolException">A value is not valid.</exception>
    public ConfiguredKey Create(NewKeyRequest request, Func<IReadOnlyList<string>, string?> defaultEnvironment)
    {
        var format = settings.Formats.Issuing;
        var environment = request.Environment ?? defaultEnvironment(format.Environments);
        var id = request.Id ?? CreateId(request.Name);
        Check(request, id, environment, format);
        var secret = format.Generate(environment);
        var entry = new JsonObject { ["Name"] = request.Name.Trim() };
        if (environment is not null)
        {
            entry["Environment"] = environment;
        }

        entry["Hash"] = settings.Hasher.Hash(secret).Format();
        if (request.Scopes.Count > 0)
        {
            entry["Scopes"] = new JsonArray([.. request.Scopes.Select(scope => JsonValue.Create(scope))]);
        }

        if (request.RateLimits is not null)
        {
            entry["RateLimits"] = request.RateLimits;
        }

        if (request.Expires is not null)
        {
            entry["ExpiresAt"] = KeyValues.ParseExpiry(request.Expires, clock.GetUtcNow()).ToString();
        }

        return new ConfiguredKey(id, secret, entry);
    }

    private void Check(NewKeyRequest request, string id, string? environment, ApiKeyFormat format)
    {
        if (request.Name.Trim() is not { Length: > 0 and <= 200 } || request.Name.Any(char.IsControl))
        {
            throw ToolException.Usage("--name must have 1 to 200 characters without control characters.");
        }

        if (settings.Formats.Redact(request.Name) != request.Name || settings.Formats.Redact(id) != id)
        {
            throw ToolException.Usage("--name or --id contains a key, which logs would show. Choose another, and replace that key.");
        }

        if (id.Length is 0 or > MaxIdLength || id.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            || id.All(char.IsAsciiDigit))
        {
            throw ToolException.Usage("--id must be 1 to 200 of the characters A-Z a-z 0-9 . _ - and not digits only.");
        }

        if (environment is null ? format.Environments.Count > 0 : !format.Environments.Contains(environment, StringComparer.Ordinal))
        {
            throw ToolException.Usage(format.Environments.Count == 0
                ? "The key format has no environments. Remove --environment."
                : $"--environment must be one of {string.Join(", ", format.Environments)}.");
        }

        KeyValues.CheckScopes(request.Scopes, settings.Catalog);
        _ = request.RateLimits is null ? [] : KeyValues.ParseRateLimits(request.RateLimits);
    }

    private static string CreateId(string name)
    {
        var words = string.Concat(name.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-'))
            .Split('-', StringSplitOptions.RemoveEmptyEntries);
        var slug = string.Join('-', words);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(slug.Length is 0 or > 40 ? "key" : slug)}-{RandomNumberGenerator.GetString(IdCharacters, 6)}");
    }
}
