namespace ApiKeyAuth.Management;

/// <summary>A body that holds a whole key.</summary>
internal sealed class SecretBody
{
    private SecretBody(string secret, long cost, IReadOnlyDictionary<string, string> unread) => (Secret, Cost, Unread) = (secret, cost, unread);

    /// <summary>The key that was told of.</summary>
    public string Secret { get; }

    /// <summary>What its use costs.</summary>
    public long Cost { get; }

    /// <summary>What could not be read, by field.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; }

    public static SecretBody Leaked(BodyReader body) => new(Key(body), 0, body.Finish(static _ => null));

    public static SecretBody ToVerify(BodyReader body) =>
        new(Key(body), body.Number("cost", 0, Keys.RateLimit.MaxPermits) ?? 0, body.Finish(static _ => null));

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
}
