using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Represents a request body that holds a whole secret.</summary>
internal sealed class SecretBody
{
    private SecretBody(string secret, long cost, IPAddress? address, IReadOnlyDictionary<string, string> parseErrors) =>
        (Secret, Cost, Address, ParseErrors) = (secret, cost, address, parseErrors);

    /// <summary>Gets the secret.</summary>
    public string Secret { get; }

    /// <summary>Gets the cost to charge.</summary>
    public long Cost { get; }

    /// <summary>Gets the IP address from which the key was used, or null if the body does not contain one.</summary>
    public IPAddress? Address { get; }

    /// <summary>Gets the errors found while parsing the request, by field.</summary>
    public IReadOnlyDictionary<string, string> ParseErrors { get; }

    public static SecretBody ReadLeakReport(BodyReader body) => new(ReadSecret(body), 0, null, body.GetProblems(static _ => null));

    public static SecretBody ReadVerification(BodyReader body) =>
        new(ReadSecret(body), body.GetInt64("cost", 0, RateLimit.MaxPermits) ?? 0, ReadAddress(body), body.GetProblems(static _ => null));

    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(SecretBody);

    private static string ReadSecret(BodyReader body)
    {
        var secret = body.GetString("key");
        if (secret is null)
        {
            body.AddProblem("key", "is required");
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
