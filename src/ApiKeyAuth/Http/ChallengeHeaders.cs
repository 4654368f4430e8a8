using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>The values of <c>WWW-Authenticate</c> (RFC 9110 §11.6.1, RFC 6750 §3).</summary>
internal static class ChallengeHeaders
{
    /// <summary>The challenge of a scheme, such as <c>Bearer realm="api"</c>, to which an error may be added.</summary>
    public static string WithInvalidToken(string challenge) => AppendParameter(challenge, "error=\"invalid_token\"");

    /// <summary>The challenge that names the missing scopes.</summary>
    public static string WithInsufficientScope(string challenge, IReadOnlyList<string> missing) =>
        AppendParameter(challenge, $"error=\"insufficient_scope\", scope=\"{string.Join(' ', missing)}\"");

    /// <summary>Removes challenges that are there twice, because the pipeline ran again for the page that reports the first.</summary>
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
