using System.Net;
using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Management;

/// <summary>A body that holds a whole key.</summary>
internal sealed class SecretBody
{
    private SecretBody(string secret, long cost, IPAddress? address, IReadOnlyDictionary<string, string> unread) =>
        (Secret, Cost, Address, Unread) = (secret, cost, address, unread);

    /// <summary>The key that was told of.</summary>
    public string Secret { get; }

    /// <summary>What its use costs.</summary>
    public long Cost { get; }

    /// <summary>The address that the key was used from, or null if the body does not name one.</summary>
    public IPAddress? Address { get; }

    /// <summary>What could not be read, by field.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; }

    public static SecretBody Leaked(BodyReader body) => new(Key(body), 0, null, body.Finish(static _ => null));

    public static SecretBody ToVerify(BodyReader body) =>
        new(Key(body), body.Number("cost", 0, Keys.RateLimit.MaxPermits) ?? 0, AddressOf(body), body.Finish(static _ => null));

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => nameof(SecretBody);

    private static string Key(BodyReader body)
    {
        var secret = body.Text("key");
        if (secret is null)
        {
            body.Problem("key", "is missing");
        }

        return secret ?? "";
    }

    private static IPAddress? AddressOf(BodyReader body)
    {
        if (body.Text("address") is not { } text)
        {
            return null;
        }

        var address = Networks.ParseAddress(text);
        if (address is null)
        {
            body.Problem("address", "must be an IPv4 or IPv6 address");
        }

        return address;
    }
}
