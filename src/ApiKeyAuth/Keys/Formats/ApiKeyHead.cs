namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the text before the body of a key, such as prefix and environment, each followed by an underscore.</summary>
internal sealed class ApiKeyHead(string text, string? environment)
{
    public string? Environment { get; } = environment;

    public string Text { get; } = text;

    /// <summary>Gets the checksum of the head, so that it is not computed again for each key.</summary>
    public uint Checksum { get; } = Crc32.Append(0, text);

    public static ApiKeyHead Create(string prefix, string? environment) =>
        new((prefix.Length == 0 ? "" : prefix + "_") + (environment is null ? "" : environment + "_"), environment);
}
