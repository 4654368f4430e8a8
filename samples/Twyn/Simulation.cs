using System.Text.Json.Serialization;

namespace Twyn;

/// <summary>Represents a simulation of a tenant, with live or test data.</summary>
internal sealed record Simulation(string Id, string? TenantId, [property: JsonIgnore] string? Environment, string Name, string CreatedAt);
