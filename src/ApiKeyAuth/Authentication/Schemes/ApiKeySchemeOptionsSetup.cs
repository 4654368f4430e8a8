using ApiKeyAuth.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Reads the options of each scheme from its section of the settings, and validates them.</summary>
/// <param name="source">The settings, or null if the app is configured in code.</param>
/// <param name="environments">A delegate that returns the environments of the key formats, or null if they are unknown.</param>
internal sealed class ApiKeySchemeOptionsSetup(SettingsSource? source, Func<IReadOnlyCollection<string>?> environments)
    : IConfigureNamedOptions<ApiKeySchemeOptions>, IValidateOptions<ApiKeySchemeOptions>
{
    /// <summary>The name of the section, which has one member for each scheme.</summary>
    public const string SectionName = "Schemes";

    /// <summary>Returns the full name of the section that contains all schemes.</summary>
    public static string GetPath(SettingsSource? source) => $"{SettingsSource.GetPath(source)}:{SectionName}";

    /// <summary>Reads the options of a scheme from its section.</summary>
    public static void Read(SettingsReader reader, ApiKeySchemeOptions options)
    {
        options.AuthorizationSchemes = ReadNames(reader, "AuthorizationSchemes", options.AuthorizationSchemes);
        options.Headers = ReadNames(reader, "Headers", options.Headers);
        options.UnsafeQueryParameter = ReadOptionalName(reader, "UnsafeQueryParameter", options.UnsafeQueryParameter);
        foreach (var environment in reader.ReadList("Environments") ?? [])
        {
            options.Environments.Add(environment);
        }

        options.Audience = ReadOptionalName(reader, "Audience", options.Audience);
        options.Realm = ReadOptionalName(reader, "Realm", options.Realm);
    }

    /// <inheritdoc/>
    /// <remarks>Problems are ignored here, because the setup of all options also reads these sections and reports them.</remarks>
    public void Configure(string? name, ApiKeySchemeOptions options)
    {
        if (!string.IsNullOrEmpty(name) && source?.Section.GetSection(SectionName).GetSection(name) is { } scheme && scheme.Exists())
        {
            new SettingsReader(scheme, []).ReadAll(reader => Read(reader, options));
        }
    }

    /// <inheritdoc/>
    public void Configure(ApiKeySchemeOptions options) => Configure(Options.DefaultName, options);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiKeySchemeOptions options)
    {
        string[] problems = [.. FindProblems(options).Select(problem => $"{GetPath(source)}:{name}{problem}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Reads one name or a list of names. An empty list, an empty value or null means none.</summary>
    private static IReadOnlyList<string> ReadNames(SettingsReader reader, string name, IReadOnlyList<string> defaultValue) =>
        reader.IsSpecified(name) ? reader.ReadOneOrMany(name) ?? [] : defaultValue;

    /// <summary>Reads a name. An empty value or null sets it to null.</summary>
    private static string? ReadOptionalName(SettingsReader reader, string name, string? defaultValue) =>
        reader.IsSpecified(name) ? reader.ReadString(name) is { Length: > 0 } text ? text : null : defaultValue;

    private IEnumerable<string> FindProblems(ApiKeySchemeOptions options) =>
    [
        .. FindSourceProblems(options),
        .. FindNameProblems(
            "AuthorizationSchemes", "an authentication scheme", "Bearer or ApiKey (RFC 9110 §11.1)", options.AuthorizationSchemes),
        .. FindNameProblems("Headers", "a header name", "X-API-Key (RFC 9110 §5.1)", options.Headers),
        .. FindOtherProblems(options),
    ];

    private static IEnumerable<string> FindSourceProblems(ApiKeySchemeOptions options)
    {
        var hasSource = options.AuthorizationSchemes.Count > 0 || options.Headers.Count > 0 || options.UnsafeQueryParameter is not null;
        if (!hasSource && !options.HasMessageReceived)
        {
            yield return " has no source to read keys from; set AuthorizationSchemes, Headers or UnsafeQueryParameter.";
        }

        if (options.Headers.Contains(HeaderNames.Authorization, StringComparer.OrdinalIgnoreCase))
        {
            yield return ":Headers contains Authorization, which AuthorizationSchemes reads; set AuthorizationSchemes, and remove it here.";
        }

        if (options.UnsafeQueryParameter is { } parameter && !IsName(parameter))
        {
            yield return ":UnsafeQueryParameter must be a parameter name; write letters, digits, hyphens and underscores, such as api_key.";
        }
    }

    private static IEnumerable<string> FindNameProblems(string setting, string kind, string example, IReadOnlyList<string> names)
    {
        for (var index = 0; index < names.Count; index++)
        {
            var place = names.Count == 1 ? setting : $"{setting}:{index}";
            if (!IsName(names[index]))
            {
                yield return $":{place} must be {kind}; write letters, digits, hyphens and underscores, such as {example}.";
            }
            else if (names.Take(index).Contains(names[index], StringComparer.OrdinalIgnoreCase))
            {
                yield return $":{place} is in the list twice; keep one of the two.";
            }
        }
    }

    private IEnumerable<string> FindOtherProblems(ApiKeySchemeOptions options)
    {
        if (options.Realm is { } realm && realm.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            yield return ":Realm contains characters outside printable ASCII, which a header cannot contain; write ASCII or omit it.";
        }

        if (options.Audience is not null && options.AudienceSelector is not null)
        {
            yield return ":Audience and AudienceSelector are both set; remove one of them.";
        }

        for (var index = 0; index < options.Environments.Count && environments() is { } known; index++)
        {
            if (!known.Contains(options.Environments[index], StringComparer.Ordinal))
            {
                yield return $":Environments:{index} is not an environment of any format; known are {string.Join(", ", known)}.";
            }
        }
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
