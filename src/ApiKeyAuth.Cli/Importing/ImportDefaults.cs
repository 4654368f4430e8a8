namespace ApiKeyAuth.Cli.Importing;

/// <summary>Represents what the command line says about all keys of a file.</summary>
internal sealed record ImportDefaults
{
    /// <summary>Gets the scopes of keys for which the source has none; null for the default scopes of the app.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Gets the scope of the app for each scope of the source; an empty one removes it.</summary>
    public IReadOnlyDictionary<string, string> ScopeMap { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? Environment { get; init; }

    public string? TenantId { get; init; }

    public string? Kind { get; init; }

    /// <summary>Gets a value indicating whether keys that have expired are imported.</summary>
    public bool AllowsExpired { get; init; }
}
