using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Reads the credential of a request from the sources of a scheme, and refuses to choose between two.</summary>
internal sealed class CredentialReader(ApiKeyFormats formats)
{
    private const string BearerScheme = "Bearer";

    public Credential Read(HttpRequest request, ApiKeySchemeOptions options)
    {
        var headers = request.HttpContext.GetRequestHeaders();
        var secret = ReadOnlySpan<char>.Empty;
        string? header = null;
        var offered = 0;
        var foreign = false;
        if (options.Bearer)
        {
            var values = headers.Authorization;
            var token = GetBearerToken(values);
            if (values.Count > 1)
            {
                return new Credential(CredentialKind.Ambiguous);
            }

            if (!token.IsEmpty && formats.LooksLike(token))
            {
                secret = token;
                header = HeaderNames.Authorization;
                offered++;
            }
            else
            {
                foreign = !token.IsEmpty;
            }
        }

        if (options.Header is { } name && TryReadSource(headers[name], ref offered, ref secret))
        {
            header = name;
        }

        if (options.UnsafeQueryParameter is { } parameter && TryReadSource(request.Query[parameter], ref offered, ref secret))
        {
            header = null;
        }

        return offered switch
        {
            0 => foreign ? new Credential(CredentialKind.UnrecognizedToken, header: HeaderNames.Authorization) : default,
            1 when formats.TryParse(secret, out var parsed) => new Credential(CredentialKind.WellFormed, secret, parsed.Environment, header),
            1 => new Credential(CredentialKind.Malformed, header: header),
            _ => new Credential(CredentialKind.Ambiguous),
        };
    }

    /// <summary>Takes the value of a source that is the scheme's alone; a source named twice counts as two keys, whatever it holds.</summary>
    private static bool TryReadSource(StringValues values, ref int keyCount, ref ReadOnlySpan<char> secret)
    {
        if (values.Count > 1)
        {
            keyCount += 2;
        }
        else if (values.Count == 1 && !string.IsNullOrWhiteSpace(values[0]))
        {
            keyCount++;
            secret = values[0];
            return true;
        }

        return false;
    }

    /// <summary>The token after <c>Bearer</c>, in any case and after any number of spaces (RFC 9110 §11.4); empty where there is none.</summary>
    private static ReadOnlySpan<char> GetBearerToken(StringValues values)
    {
        if (values.Count != 1 || values[0] is not { } value)
        {
            return default;
        }

        // Only what HTTP calls white space (RFC 9110 §5.6.3): Unicode has more, and a key that carries some is no key.
        var text = value.AsSpan().Trim(" \t");
        return text.Length > BearerScheme.Length
            && text.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
            && char.IsWhiteSpace(text[BearerScheme.Length])
            ? text[BearerScheme.Length..].TrimStart(' ')
            : default;
    }
}
