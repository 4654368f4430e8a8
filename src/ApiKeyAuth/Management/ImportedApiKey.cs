namespace ApiKeyAuth.Management;

/// <summary>Represents a key that was issued elsewhere, identified by the hash of its secret.</summary>
public sealed record ImportedApiKey
{
    /// <summary>Gets the values of the key. Its expiration may be in the past.</summary>
    public required NewApiKey Key { get; init; }

    /// <summary>
    /// Gets the SHA-256 of the whole secret as 64 hexadecimal digits of either case, Base64 or Base64url. If there is a current pepper, the
    /// stored hash is peppered. A hash that another store of the app holds is accepted as <see cref="Keys.ApiKeyHash.Format"/> writes it.
    /// </summary>
    public required string Hash { get; init; }

    /// <summary>
    /// Gets the name of the algorithm, one of the app's <c>HashAlgorithms</c>, that made the <see cref="Hash"/>, which is then written as
    /// the algorithm defines. It is replaced after the first use of the key. The default is null, for the SHA-256 of the whole secret.
    /// </summary>
    public string? HashAlgorithm { get; init; }

    /// <summary>
    /// Gets the hashes of other secrets, at most 9, written like <see cref="Hash"/>. They are valid like the first one until the key is
    /// rotated. The default is an empty list.
    /// </summary>
    public IReadOnlyList<string> AdditionalHashes { get; init; } = [];

    /// <summary>Gets a value indicating whether the key is enabled. The default is <see langword="true"/>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Gets the characters with which all keys of the same format start, such as <c>sk-</c>, or null if they are unknown. The default is
    /// null.
    /// </summary>
    /// <remarks>
    /// A hash does not show the format of its key. A key is reported, and not imported, if no accepted format can read a text that starts
    /// with the prefix and ends with the <see cref="Hint"/>. Without either, the format is not checked. The prefix is not stored.
    /// </remarks>
    public string? Prefix { get; init; }

    /// <summary>Gets the existing ID, or null for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>Gets when the key was created, or null for now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the last characters of the secret, at most 8. The default is an empty string.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Returns the ID only.</summary>
    public override string ToString() => $"ImportedApiKey {Id}";
}
