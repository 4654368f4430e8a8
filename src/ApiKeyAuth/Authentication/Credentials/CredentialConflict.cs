using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Finds requests that offer several schemes different keys, which are as ambiguous as two keys for one scheme.</summary>
internal sealed class CredentialConflict(CredentialReader reader, IOptionsMonitor<ApiKeySchemeOptions> options)
{
    /// <summary>Returns whether the schemes read keys from more than one place of the request; several may read the same one.</summary>
    public bool Exists(HttpContext context, IReadOnlyList<string> schemes)
    {
        string? place = null;
        foreach (var scheme in schemes)
        {
            var credential = reader.Read(context.Request, options.Get(scheme));
            if (credential.Kind is CredentialKind.None or CredentialKind.UnrecognizedToken)
            {
                continue;
            }

            var read = credential.Header ?? $"?{options.Get(scheme).UnsafeQueryParameter}";
            if (credential.Kind == CredentialKind.Ambiguous || (place is not null && !place.Equals(read, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }

            place = read;
        }

        return false;
    }
}
