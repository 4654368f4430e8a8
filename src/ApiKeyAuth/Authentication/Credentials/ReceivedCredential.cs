namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Represents the result of <see cref="ApiKeyEvents.OnMessageReceived"/> for a scheme.</summary>
/// <param name="Options">The options of the scheme.</param>
/// <param name="Secret">The key that the app read, or null.</param>
/// <param name="IsIgnored">Whether the scheme ignores the request.</param>
internal sealed record ReceivedCredential(ApiKeySchemeOptions Options, string? Secret, bool IsIgnored)
{
    /// <summary>Returns the kind of the result, because the text must not contain the secret.</summary>
    public override string ToString() => IsIgnored ? "Ignored" : Secret is null ? "None" : "Key";
}
