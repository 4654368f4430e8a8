namespace ApiKeyAuth.Cli.Targets;

/// <summary>Represents which usage is read.</summary>
internal sealed record UsageFilter
{
    public string? From { get; init; }

    public string? To { get; init; }

    public bool ByDay { get; init; }
}
