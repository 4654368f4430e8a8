using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Finds problems in the options of a scheme at startup.</summary>
/// <param name="path">The full name of the section of all schemes.</param>
/// <param name="environments">The environments that the formats name, or null if they are unknown.</param>
internal sealed class ApiKeySchemeOptionsValidator(string path, IReadOnlyCollection<string>? environments)
    : IValidateOptions<ApiKeySchemeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiKeySchemeOptions options)
    {
        string[] problems = [.. FindProblems(options).Select(problem => $"{path}:{name}{problem}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

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

        for (var index = 0; environments is not null && index < options.Environments.Count; index++)
        {
            if (!environments.Contains(options.Environments[index], StringComparer.Ordinal))
            {
                yield return $":Environments:{index} is not an environment of any format; known are {string.Join(", ", environments)}.";
            }
        }
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
