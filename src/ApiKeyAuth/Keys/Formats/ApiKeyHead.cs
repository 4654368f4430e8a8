namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the text before the body of a key: prefix and environment, each followed by an underscore.</summary>
internal sealed class ApiKeyHead
{
    public ApiKeyHead(string prefix, string? environment)
    {
        Environment = environment;
        Text = (prefix.Length == 0 ? "" : prefix + "_") + (environment is null ? "" : environment + "_");
        Checksum = Crc32.Append(0, Text);
    }

    public string? Environment { get; }

    public string Text { get; }

    /// <summary>Gets the checksum of the head, so that it is not computed again for each key.</summary>
    public uint Checksum { get; }
}
