using System.Text.Json.Serialization;

namespace Twyn;

/// <summary>What a tenant simulates, with live or with test data.</summary>
internal sealed record Simulation(string Id, string? TenantId, [property: JsonIgnore] string? Environment, string Name, string CreatedAt);
