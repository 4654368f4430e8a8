using System.Collections.ObjectModel;

namespace ApiKeyAuth.Management;

/// <summary>Represents how a key is revoked.</summary>
public sealed record ApiKeyRevocation
{
    /// <summary>Gets why the key is revoked, 1 to 500 characters, or null. It is kept with the key and in the audit.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets whether every key that the key created is revoked too, and so on. The default is false.</summary>
    public bool Cascade { get; init; }

    /// <summary>Gets what could not be read of the request, by field.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
