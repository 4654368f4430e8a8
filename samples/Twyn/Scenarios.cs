using System.Collections.Concurrent;
using Samples;

namespace Twyn;

/// <summary>Stores scenarios in memory, separately for live and test data.</summary>
internal sealed class Scenarios(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Scenario> _all = new();

    public IEnumerable<Scenario> Of(string? tenant, string? environment) =>
        _all.Values.Where(scenario => scenario.TenantId == tenant && scenario.Environment == environment)
            .OrderBy(scenario => scenario.CreatedAt, StringComparer.Ordinal).ThenBy(scenario => scenario.Id, StringComparer.Ordinal);

    public Scenario Add(Simulation simulation, string name)
    {
        var id = $"scn_{Guid.NewGuid():N}";
        return _all[id] = new Scenario(
            id, simulation.TenantId, simulation.Environment, simulation.Id, name, clock.GetUtcNow().ToUtcSeconds());
    }
}
