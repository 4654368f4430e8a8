namespace ApiKeyAuth.Usage;

/// <summary>Represents whether a key was used in a time range, and from which of the requested countries and networks.</summary>
public sealed record ApiKeyUsageOrigins
{
    /// <summary>Gets a value indicating whether there was a request.</summary>
    public required bool IsUsed { get; init; }

    /// <summary>Gets the number of requests from each requested country with at least one request.</summary>
    public required IReadOnlyDictionary<string, long> Countries { get; init; }

    /// <summary>Gets a value indicating whether there was a request from a known country that was not requested.</summary>
    public required bool HasOtherCountries { get; init; }

    /// <summary>Gets the number of requests from each requested network with at least one request.</summary>
    public required IReadOnlyDictionary<string, long> Networks { get; init; }

    /// <summary>Gets a value indicating whether there was a request from a known network that was not requested.</summary>
    public required bool HasOtherNetworks { get; init; }
}
