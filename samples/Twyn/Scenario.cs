using System.Text.Json.Serialization;

namespace Twyn;

/// <summary>Represents a scenario that a tenant runs in one of its simulations, with live or test data.</summary>
internal sealed record Scenario(
    string Id,
    string? TenantId,
    [property: JsonIgnore] string? Environment,
    string SimulationId,
    string Name,
    string CreatedAt);
