using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Reads the credential of a request from the sources of a scheme. If there are two keys, it does not select one of them.
/// </summary>
internal sealed class CredentialReader(ApiKeyFormats formats)
{
    /// <summary>Reads the credential, including the key that <see cref="ApiKeyEvents.OnMessageReceived"/> supplied.</summary>
    public Credential Read(HttpRequest request, ApiKeySchemeOptions options)
    {
        var received = options.HasMessageReceived ? ReceivedCredentials.Find(request.HttpContext, options) : null;
        if (received is { IsIgnored: true })
        {
            return default;
        }

        var headers = request.Headers;
        var secret = ReadOnlySpan<char>.Empty;
        string? header = null;
        var keyCount = 0;
        var isUnrecognized = false;
        if (options.AuthorizationSchemeArray is { Length: > 0 } words)
        {
            var values = headers.Authorization;
            if (values.Count > 1)
            {
                return new Credential(CredentialKind.Ambiguous);
            }

            var token = GetToken(values, words);
            if (!token.IsEmpty && formats.LooksLike(token))
            {
                secret = token;
                header = HeaderNames.Authorization;
                keyCount++;
            }
            else
            {
                isUnrecognized = !token.IsEmpty;
            }
        }

        foreach (var name in options.HeaderArray)
        {
            if (TryReadSource(headers[name], ref keyCount, ref secret))
            {
                header = name;
            }
        }

        if (options.UnsafeQueryParameter is { } parameter && TryReadSource(request.Query[parameter], ref keyCount, ref secret))
        {
            header = null;
        }

        if (received is { Secret: { } receivedSecret })
        {
            secret = receivedSecret;
            header = null;
            keyCount++;
        }

        return keyCount switch
        {
            0 => isUnrecognized ? new Credential(CredentialKind.UnrecognizedToken, header: HeaderNames.Authorization) : default,
            1 when formats.TryParse(secret, out var parsed) => new Credential(
                CredentialKind.WellFormed, secret, parsed.Environment, header),
            1 => new Credential(CredentialKind.Malformed, secret, header: header),
            _ => new Credential(CredentialKind.Ambiguous),
        };
    }

    /// <summary>
    /// Reads a source that can only contain a key. A source that occurs twice counts as two keys, even if the values are empty.
    /// </summary>
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

    /// <summary>
    /// Returns the token after one of the authentication schemes, or an empty span. The scheme is not case-sensitive, and any number of
    /// spaces can follow it (RFC 9110 §11.4).
    /// </summary>
    private static ReadOnlySpan<char> GetToken(StringValues values, string[] words)
    {
        if (values.Count != 1 || values[0] is not { } value)
        {
            return default;
        }

        // Only the white space of HTTP is trimmed (RFC 9110 §5.6.3). A key that contains other Unicode white space is malformed.
        var text = value.AsSpan().Trim(" \t");
        foreach (var word in words)
        {
            if (text.Length > word.Length
                && text.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && char.IsWhiteSpace(text[word.Length]))
            {
                return text[word.Length..].TrimStart(' ');
            }
        }

        return default;
    }
}
