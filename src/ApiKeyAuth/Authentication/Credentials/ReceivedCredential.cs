namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Represents what the app made of a request for one scheme.</summary>
/// <param name="Options">The options of the scheme.</param>
/// <param name="Secret">The key that the app read, or null.</param>
/// <param name="IsIgnored">Whether the scheme ignores the request.</param>
internal sealed record ReceivedCredential(ApiKeySchemeOptions Options, string? Secret, bool IsIgnored)
{
    /// <summary>Returns text without the secret.</summary>
    public override string ToString() => IsIgnored ? "Ignored" : Secret is null ? "None" : "Key";
}
