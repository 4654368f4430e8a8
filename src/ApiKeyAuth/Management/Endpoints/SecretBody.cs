using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>A body that holds a whole key.</summary>
internal sealed class SecretBody
{
    private SecretBody(string secret, long cost, IPAddress? address, IReadOnlyDictionary<string, string> parseErrors) =>
        (Secret, Cost, Address, ParseErrors) = (secret, cost, address, parseErrors);

    /// <summary>The key that was told of.</summary>
    public string Secret { get; }

    /// <summary>What its use costs.</summary>
    public long Cost { get; }

    /// <summary>The address that the key was used from, or null if the body does not name one.</summary>
    public IPAddress? Address { get; }

    /// <summary>What could not be read, by field.</summary>
    public IReadOnlyDictionary<string, string> ParseErrors { get; }

    public static SecretBody ReadLeakReport(BodyReader body) => new(ReadSecret(body), 0, null, body.GetProblems(static _ => null));

    public static SecretBody ReadVerification(BodyReader body) =>
        new(ReadSecret(body), body.GetInt64("cost", 0, RateLimit.MaxPermits) ?? 0, ReadAddress(body), body.GetProblems(static _ => null));

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => nameof(SecretBody);

    private static string ReadSecret(BodyReader body)
    {
        var secret = body.GetString("key");
        if (secret is null)
        {
            body.AddProblem("key", "is missing");
        }

        return secret ?? "";
    }

    private static IPAddress? ReadAddress(BodyReader body)
    {
        if (body.GetString("address") is not { } text)
        {
            return null;
        }

        var address = Networks.ParseAddress(text);
        if (address is null)
        {
            body.AddProblem("address", "must be an IPv4 or IPv6 address");
        }

        return address;
    }
}
