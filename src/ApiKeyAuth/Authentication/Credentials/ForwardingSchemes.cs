namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>The schemes that <c>AddBearerForwarding()</c> added, each with the key scheme it forwards to.</summary>
internal sealed class ForwardingSchemes
{
    /// <summary>Gets the key schemes, by the name of the forwarding scheme.</summary>
    public Dictionary<string, string> KeySchemes { get; } = new(StringComparer.Ordinal);
}
