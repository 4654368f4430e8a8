using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Provides the values of the <c>WWW-Authenticate</c> header (RFC 9110 §11.6.1, RFC 6750 §3).</summary>
internal static class ChallengeHeaders
{
    /// <summary>Adds the error for an invalid token to the challenge of a scheme, such as <c>Bearer realm="api"</c>.</summary>
    public static string WithInvalidToken(string challenge) => AppendParameter(challenge, "error=\"invalid_token\"");

    /// <summary>Adds the error that names the missing scopes to the challenge of a scheme.</summary>
    public static string WithInsufficientScope(string challenge, IReadOnlyList<string> missing) =>
        AppendParameter(challenge, $"error=\"insufficient_scope\", scope=\"{string.Join(' ', missing)}\"");

    /// <summary>Removes duplicate challenges, which are added if the pipeline runs again for an error page.</summary>
    public static void RemoveDuplicates(HttpResponse response)
    {
        if (!response.HasStarted && response.Headers.WWWAuthenticate is { Count: > 1 } challenges)
        {
            response.Headers.WWWAuthenticate = challenges.Distinct(StringComparer.Ordinal).ToArray();
        }
    }

    private static string AppendParameter(string challenge, string parameter) =>
        challenge + (challenge.Contains('=', StringComparison.Ordinal) ? ", " : " ") + parameter;
}
