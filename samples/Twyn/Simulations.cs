using System.Collections.Concurrent;
using Samples;

namespace Twyn;

/// <summary>Stores simulations in memory, separately for live and test data. One tenant has the documented ones.</summary>
internal sealed class Simulations
{
    /// <summary>The tenant of the documented simulations.</summary>
    public const string DemoTenant = "tenant_acme";

    private readonly ConcurrentDictionary<(string? Environment, string Id), Simulation> _all = new();
    private readonly TimeProvider _clock;

    public Simulations(TimeProvider clock)
    {
        _clock = clock;
        foreach (var id in new[] { "123", "sim_123" })
        {
            Add(id, DemoTenant, "live", $"Simulation {id}");
            Add(id, DemoTenant, "test", $"Simulation {id}, test data");
        }
    }

    public IEnumerable<Simulation> Of(string? tenant, string? environment) =>
        _all.Values.Where(simulation => simulation.TenantId == tenant && simulation.Environment == environment)
            .OrderBy(simulation => simulation.CreatedAt).ThenBy(simulation => simulation.Id, StringComparer.Ordinal);

    /// <summary>Finds a simulation of any tenant.</summary>
    public Simulation? Find(string? environment, string id) => _all.GetValueOrDefault((environment, id));

    public Simulation Add(string? tenant, string? environment, string name) => Add($"sim_{Guid.NewGuid():N}", tenant, environment, name);

    private Simulation Add(string id, string? tenant, string? environment, string name) =>
        _all[(environment, id)] = new Simulation(id, tenant, environment, name, _clock.GetUtcNow().ToUtcSeconds());
}
