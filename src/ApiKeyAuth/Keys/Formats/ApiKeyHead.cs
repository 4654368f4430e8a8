namespace ApiKeyAuth.Keys.Formats;

/// <summary>What stands before the body of a key: prefix and environment, each with its underscore.</summary>
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

    /// <summary>The checksum so far, so that a parser need not start over for each key.</summary>
    public uint Checksum { get; }
}
