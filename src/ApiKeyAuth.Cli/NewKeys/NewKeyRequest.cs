namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Represents the values of a key that is written to settings.</summary>
internal sealed record NewKeyRequest
{
    public required string Name { get; init; }

    public string? Id { get; init; }

    public string? Environment { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public string? RateLimits { get; init; }

    public string? Expires { get; init; }
}
