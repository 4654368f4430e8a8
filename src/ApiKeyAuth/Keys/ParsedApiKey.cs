namespace ApiKeyAuth.Keys;

/// <summary>What the text of a key says about itself; never its secret.</summary>
public readonly struct ParsedApiKey
{
    internal ParsedApiKey(ApiKeyFormat format, string? environment)
    {
        Format = format;
        Environment = environment;
    }

    /// <summary>The format that read the key.</summary>
    public ApiKeyFormat Format { get; }

    /// <summary>The environment the key names, or null where the format has none.</summary>
    public string? Environment { get; }

    /// <summary>Names the environment only.</summary>
    public override string ToString() => $"ParsedApiKey {Environment}";
}
