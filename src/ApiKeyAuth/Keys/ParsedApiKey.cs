using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Keys;

/// <summary>Represents the parts of a key that are not secret.</summary>
public readonly struct ParsedApiKey
{
    internal ParsedApiKey(AcceptedApiKeyFormat format, string? environment)
    {
        Format = format;
        Environment = environment;
    }

    /// <summary>Gets the format that parsed the key.</summary>
    public AcceptedApiKeyFormat Format { get; }

    /// <summary>Gets the environment of the key, or <see langword="null"/> if the format has none.</summary>
    public string? Environment { get; }

    /// <summary>Returns the type name and the environment.</summary>
    public override string ToString() => $"ParsedApiKey {Environment}";
}
