using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Computes the values that depend on the options of a scheme. They are computed once instead of on every request.</summary>
internal sealed class ApiKeyPostConfigureOptions(TimeProvider clock) : IPostConfigureOptions<ApiKeySchemeOptions>
{
    // No authentication scheme is registered for keys outside the Authorization header, so the parameters name the source.
    private const string ApiKeyChallenge = "ApiKey";

    /// <inheritdoc/>
    public void PostConfigure(string? name, ApiKeySchemeOptions options)
    {
        options.TimeProvider ??= clock;
        options.VaryNames = CredentialCacheHeaders.GetVaryNames(options);
        options.Challenges = [.. CreateChallenges(options)];
        options.InvalidChallenges = [.. options.Challenges.Select(ChallengeHeaders.WithInvalidToken)];
    }

    private static IEnumerable<string> CreateChallenges(ApiKeySchemeOptions options)
    {
        if (options.AuthorizationSchemes.Count > 0)
        {
            return options.AuthorizationSchemes.Select(word => CreateChallenge(word, options.Realm));
        }

        if (options.Headers.Count > 0)
        {
            return options.Headers.Select(header => CreateChallenge(ApiKeyChallenge, options.Realm, $"in=\"header\", name=\"{header}\""));
        }

        return
        [
            options.UnsafeQueryParameter is { } parameter
                ? CreateChallenge(ApiKeyChallenge, options.Realm, $"in=\"query\", name=\"{parameter}\"")
                : CreateChallenge(ApiKeyChallenge, options.Realm),
        ];
    }

    private static string CreateChallenge(string scheme, string? realm, params IEnumerable<string> parameters)
    {
        string[] all = [.. realm is null ? [] : new[] { $"realm=\"{Escape(realm)}\"" }, .. parameters];
        return all.Length == 0 ? scheme : $"{scheme} {string.Join(", ", all)}";
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
