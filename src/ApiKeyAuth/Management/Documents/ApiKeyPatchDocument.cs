namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a change as a merge patch (RFC 7396).</summary>
/// <remarks>
/// A setter runs only if the body contains the member, also with null, which the property of type <see cref="Optional{T}"/> records. The
/// members that are serialized have plain types, because OpenAPI documents cannot describe a type with a converter.
/// </remarks>
internal sealed record ApiKeyPatchDocument
{
    public string? Name { get => NameChange.Value; set => NameChange = Optional.Create(value); }

    public bool? Enabled { get => EnabledChange.Value; set => EnabledChange = Optional.Create(value); }

    public IReadOnlyList<string>? Scopes { get => ScopesChange.Value; set => ScopesChange = Optional.Create(value); }

    public IReadOnlyList<string>? RateLimits { get => RateLimitsChange.Value; set => RateLimitsChange = Optional.Create(value); }

    public IReadOnlyList<string>? Networks { get => NetworksChange.Value; set => NetworksChange = Optional.Create(value); }

    public IReadOnlyList<string>? Audiences { get => AudiencesChange.Value; set => AudiencesChange = Optional.Create(value); }

    public IReadOnlyDictionary<string, string?>? Metadata { get => MetadataChange.Value; set => MetadataChange = Optional.Create(value); }

    public string? ExpiresAt { get => ExpiresAtChange.Value; set => ExpiresAtChange = Optional.Create(value); }

    public string? NotBefore { get => NotBeforeChange.Value; set => NotBeforeChange = Optional.Create(value); }

    public int? ExpiresAfterIdleDays { get => IdleDaysChange.Value; set => IdleDaysChange = Optional.Create(value); }

    internal Optional<string?> NameChange { get; private set; }

    internal Optional<bool?> EnabledChange { get; private set; }

    internal Optional<IReadOnlyList<string>?> ScopesChange { get; private set; }

    internal Optional<IReadOnlyList<string>?> RateLimitsChange { get; private set; }

    internal Optional<IReadOnlyList<string>?> NetworksChange { get; private set; }

    internal Optional<IReadOnlyList<string>?> AudiencesChange { get; private set; }

    internal Optional<IReadOnlyDictionary<string, string?>?> MetadataChange { get; private set; }

    internal Optional<string?> ExpiresAtChange { get; private set; }

    internal Optional<string?> NotBeforeChange { get; private set; }

    internal Optional<int?> IdleDaysChange { get; private set; }
}
