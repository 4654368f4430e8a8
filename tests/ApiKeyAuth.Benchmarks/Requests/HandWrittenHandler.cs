using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Represents a typical hand-written handler: it looks up the SHA-256 hash of the header in a dictionary.</summary>
internal sealed class HandWrittenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Gets the owner of each key, by the key's hash.</summary>
    public static ConcurrentDictionary<string, string> Owners { get; } = new();

    /// <summary>Computes the hash of a key.</summary>
    public static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers["X-API-Key"] is not [{ Length: > 0 } key])
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!Owners.TryGetValue(Hash(key), out var owner))
        {
            return Task.FromResult(AuthenticateResult.Fail("Unknown key."));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner), new Claim("scope", "orders:read")], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
