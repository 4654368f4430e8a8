using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Finds what is wrong with a scheme before the host listens.</summary>
/// <param name="path">The full name of the section of all schemes.</param>
/// <param name="environments">What the formats name, or null where that is not known.</param>
internal sealed class ApiKeySchemeOptionsValidator(string path, IReadOnlyCollection<string>? environments) : IValidateOptions<ApiKeySchemeOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeySchemeOptions options)
    {
        var problems = FindProblems(options).Select(problem => $"{path}:{name}{problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> FindProblems(ApiKeySchemeOptions options)
    {
        if (!options.Bearer && options.Header is null && options.UnsafeQueryParameter is null)
        {
            yield return " reads keys from nowhere; set Bearer, Header or UnsafeQueryParameter.";
        }

        if (options.Header is { } header && !IsToken(header))
        {
            yield return ":Header is no header name; write letters, digits and hyphens, such as X-API-Key (RFC 9110 §5.1).";
        }

        if (string.Equals(options.Header, "Authorization", StringComparison.OrdinalIgnoreCase))
        {
            yield return ":Header is Authorization, which Bearer reads; set Bearer, and Header to another name or to null.";
        }

        if (options.UnsafeQueryParameter is { } parameter && !IsToken(parameter))
        {
            yield return ":UnsafeQueryParameter is no parameter name; write letters, digits, hyphens and underscores, such as api_key.";
        }

        if (options.Realm is { } realm && realm.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            yield return ":Realm holds characters outside printable ASCII, which a header cannot carry; write it in ASCII or leave it out.";
        }

        if (options.Audience is not null && options.AudienceSelector is not null)
        {
            yield return ":Audience and AudienceSelector are both set; keep the one that is meant.";
        }

        for (var index = 0; environments is not null && index < options.Environments.Count; index++)
        {
            if (!environments.Contains(options.Environments[index], StringComparer.Ordinal))
            {
                yield return $":Environments:{index} is named by no format; known are {string.Join(", ", environments)}.";
            }
        }
    }

    private static bool IsToken(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
