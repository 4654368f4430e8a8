using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Finds requests that contain different keys for several schemes. They are as ambiguous as two keys for one scheme.</summary>
internal sealed class CredentialConflict(CredentialReader reader, IOptionsMonitor<ApiKeySchemeOptions> options)
{
    /// <summary>Determines whether the schemes read keys from more than one source. Several schemes may read the same source.</summary>
    public async ValueTask<bool> ExistsAsync(HttpContext context, IReadOnlyList<string> schemes)
    {
        foreach (var scheme in schemes)
        {
            await ReceivedCredentials.ReceiveAsync(context, scheme);
        }

        return Exists(context, schemes);
    }

    private bool Exists(HttpContext context, IReadOnlyList<string> schemes)
    {
        string? source = null;
        foreach (var scheme in schemes)
        {
            var schemeOptions = options.Get(scheme);
            var credential = reader.Read(context.Request, schemeOptions);
            if (credential.Kind is CredentialKind.None or CredentialKind.UnrecognizedToken)
            {
                continue;
            }

            var read = GetSource(context, schemeOptions, credential);
            if (credential.Kind == CredentialKind.Ambiguous
                || (source is not null && !source.Equals(read, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }

            source = read;
        }

        return false;
    }

    // The events of two schemes may read the same part of the request, so the keys are compared instead of the source.
    private static string GetSource(HttpContext context, ApiKeySchemeOptions options, in Credential credential) =>
        credential.Header
        ?? (options.HasMessageReceived && ReceivedCredentials.Find(context, options)?.Secret is { } secret
            ? $"={secret}"
            : $"?{options.UnsafeQueryParameter}");
}
