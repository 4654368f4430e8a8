namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Represents the salted hash of another system, whose key is found by its prefix, and the prefix.</summary>
public sealed record ApiKeySaltedHash
{
    /// <summary>The length of the longest prefix in characters.</summary>
    public const int MaxPrefixLength = 64;

    /// <summary>The length of the longest text in characters.</summary>
    public const int MaxTextLength = 512;

    /// <summary>Initializes a hash from its stored parts.</summary>
    /// <param name="prefix">The prefix of the key, 1 to 64 printable ASCII characters.</param>
    /// <param name="text">The hash as <see cref="SaltedApiKeyHashAlgorithm"/> reads it, 1 to 512 printable ASCII characters.</param>
    /// <exception cref="ArgumentException">One of them is empty, too long or has other characters.</exception>
    public ApiKeySaltedHash(string prefix, string text)
    {
        if (!IsValid(prefix, MaxPrefixLength))
        {
            throw new ArgumentException($"A prefix must be 1 to {MaxPrefixLength} printable ASCII characters.", nameof(prefix));
        }

        if (!IsValid(text, MaxTextLength))
        {
            throw new ArgumentException($"A salted hash must be 1 to {MaxTextLength} printable ASCII characters.", nameof(text));
        }

        Prefix = prefix;
        Text = text;
    }

    /// <summary>Gets the prefix of the key, which is not secret.</summary>
    public string Prefix { get; }

    /// <summary>Gets the hash with its salt and parameters. Keep it out of logs.</summary>
    public string Text { get; }

    /// <summary>Returns the type name only.</summary>
    public override string ToString() => nameof(ApiKeySaltedHash);

    internal static bool IsValid(ReadOnlySpan<char> text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && text.IndexOfAnyExceptInRange('!', '~') < 0;
}
