namespace ApiKeyAuth.Stores;

/// <summary>Whether a key was used in a span of time, and from which of the places asked about.</summary>
public sealed record ApiKeyUsageTrace
{
    /// <summary>Whether there was a request.</summary>
    public required bool IsUsed { get; init; }

    /// <summary>Whether one came from a country that is known.</summary>
    public required bool HasCountries { get; init; }

    /// <summary>Whether one came from a network that is known.</summary>
    public required bool HasNetworks { get; init; }

    /// <summary>Those of the countries asked about that one came from.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>Those of the networks asked about that one came from.</summary>
    public required IReadOnlyList<string> Networks { get; init; }
}
