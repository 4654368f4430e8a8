namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>The one key that a request offers a scheme. It lives on the stack, so the secret is held no longer than it takes to hash it.</summary>
internal readonly ref struct Credential(CredentialKind kind, ReadOnlySpan<char> secret = default, string? environment = null, string? header = null)
{
    public CredentialKind Kind { get; } = kind;

    public ReadOnlySpan<char> Secret { get; } = secret;

    /// <summary>The environment that the key's text names, or null.</summary>
    public string? Environment { get; } = environment;

    /// <summary>The header it came in, or null where it came in the query.</summary>
    public string? Header { get; } = header;

    /// <summary>Nothing of the secret.</summary>
    public override string ToString() => Kind.ToString();
}
