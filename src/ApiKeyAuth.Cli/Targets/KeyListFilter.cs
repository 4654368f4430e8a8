namespace ApiKeyAuth.Cli.Targets;

/// <summary>Represents which keys are listed.</summary>
internal sealed record KeyListFilter
{
    public string? Owner { get; init; }

    public string? Environment { get; init; }

    public string? Status { get; init; }

    public string? Name { get; init; }

    public int? UnusedDays { get; init; }
}
