namespace ApiKeyAuth.Usage;

/// <summary>Whether a key was used in a span of time, and from which of the places asked about.</summary>
public sealed record ApiKeyUsageOrigins
{
    /// <summary>Whether there was a request.</summary>
    public required bool IsUsed { get; init; }

    /// <summary>The requests from each of the countries asked about that one came from.</summary>
    public required IReadOnlyDictionary<string, long> Countries { get; init; }

    /// <summary>Whether one came from a country that is known and was not asked about.</summary>
    public required bool HasOtherCountries { get; init; }

    /// <summary>The requests from each of the networks asked about that one came from.</summary>
    public required IReadOnlyDictionary<string, long> Networks { get; init; }

    /// <summary>Whether one came from a network that is known and was not asked about.</summary>
    public required bool HasOtherNetworks { get; init; }
}
