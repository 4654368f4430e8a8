using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Makes what follows from the settings of a scheme once, and not on every request.</summary>
internal sealed class ApiKeyPostConfigureOptions(TimeProvider clock) : IPostConfigureOptions<ApiKeySchemeOptions>
{
    private const string BearerChallenge = "Bearer";

    public void PostConfigure(string? name, ApiKeySchemeOptions options)
    {
        options.TimeProvider ??= clock;
        options.VaryNames = CredentialCacheHeaders.GetVaryNames(options);
        options.Challenge = CreateChallenge(options);
        options.InvalidChallenge = ChallengeHeaders.WithInvalidToken(options.Challenge);
    }

    private static string CreateChallenge(ApiKeySchemeOptions options)
    {
        List<string> parameters = [];
        if (options.Realm is { } realm)
        {
            parameters.Add($"realm=\"{realm.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        if (!options.Bearer)
        {
            // No registered scheme stands for a key in a header of its own; the challenge names the place.
            parameters.Add(options.Header is { } header ? $"in=\"header\", name=\"{header}\"" : $"in=\"query\", name=\"{options.UnsafeQueryParameter}\"");
        }

        return parameters.Count == 0 ? BearerChallenge : $"{(options.Bearer ? BearerChallenge : "ApiKey")} {string.Join(", ", parameters)}";
    }
}
