namespace ApiKeyAuth.Cli.Targets;

/// <summary>Represents a host and the key of the caller.</summary>
/// <param name="url">The address of the management API.</param>
/// <param name="key">The key.</param>
internal sealed class Profile(string url, string key)
{
    public string Url { get; } = url;

    public string Key { get; } = key;

    /// <summary>Returns the type name and the address.</summary>
    public override string ToString() => $"Profile {Url}";
}
