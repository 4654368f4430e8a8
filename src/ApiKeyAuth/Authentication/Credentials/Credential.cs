namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Represents the key that a request offers to a scheme. It is on the stack, so the secret is held no longer than it takes to hash it.
/// </summary>
internal readonly ref struct Credential(
    CredentialKind kind, ReadOnlySpan<char> secret = default, string? environment = null, string? header = null)
{
    /// <summary>Gets what the request holds for the scheme.</summary>
    public CredentialKind Kind { get; } = kind;

    /// <summary>Gets the key, well-formed or malformed, or an empty span.</summary>
    public ReadOnlySpan<char> Secret { get; } = secret;

    /// <summary>Gets the environment that the text of the key names, or null.</summary>
    public string? Environment { get; } = environment;

    /// <summary>Gets the header that holds the key, or null if it came from the query or from an event.</summary>
    public string? Header { get; } = header;

    /// <summary>Returns text without the secret.</summary>
    public override string ToString() => Kind.ToString();
}
