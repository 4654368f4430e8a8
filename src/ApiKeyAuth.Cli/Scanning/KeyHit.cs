namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Represents a key in a text: its position, and the key until it is looked up.</summary>
/// <param name="offset">The index of its first byte.</param>
/// <param name="secret">The key.</param>
/// <param name="masked">The key as it may be shown.</param>
internal sealed class KeyHit(int offset, string secret, string masked)
{
    public int Offset { get; } = offset;

    public string Secret { get; } = secret;

    public string Masked { get; } = masked;

    /// <summary>Returns the masked key.</summary>
    public override string ToString() => Masked;
}
