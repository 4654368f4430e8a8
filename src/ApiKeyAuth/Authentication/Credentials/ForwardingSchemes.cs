namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Represents the schemes that <c>AddBearerForwarding()</c> added, each with the schemes that it forwards to.</summary>
internal sealed class ForwardingSchemes
{
    /// <summary>Gets the names of the key schemes by the name of the forwarding scheme.</summary>
    public Dictionary<string, string> KeySchemes { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the names of the other schemes by the name of the forwarding scheme.</summary>
    public Dictionary<string, string> OtherSchemes { get; } = new(StringComparer.Ordinal);
}
