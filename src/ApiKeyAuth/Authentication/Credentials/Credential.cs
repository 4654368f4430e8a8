namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Represents the credential that a request contains for a scheme. It stays on the stack, so the secret is not kept after it is hashed.
/// </summary>
internal readonly ref struct Credential(
    CredentialKind kind, ReadOnlySpan<char> secret = default, string? environment = null, string? header = null)
{
    /// <summary>Gets the kind of the credential.</summary>
    public CredentialKind Kind { get; } = kind;

    /// <summary>Gets the key, well-formed or malformed; otherwise, an empty span.</summary>
    public ReadOnlySpan<char> Secret { get; } = secret;

    /// <summary>Gets the environment in the text of the key, or null.</summary>
    public string? Environment { get; } = environment;

    /// <summary>Gets the header that contains the key, or null if the key is from the query or from an event.</summary>
    public string? Header { get; } = header;

    /// <summary>Returns the kind, because the text must not contain the secret.</summary>
    public override string ToString() => Kind.ToString();
}
