using System.Collections.Concurrent;

namespace Twig;

/// <summary>Stores the data of each organization in memory.</summary>
internal sealed class Workspace
{
    private readonly ConcurrentDictionary<(string Organization, string Id), Agent> _agents = new();
    private readonly ConcurrentDictionary<(string Organization, string Id), DataSource> _sources = new();
    private readonly ConcurrentDictionary<string, long> _chats = new();

    public Workspace()
    {
        Add(Accounts.DemoOrganization, new Agent("agent-123", "Support"));
        Add(Accounts.DemoOrganization, new DataSource("data-1", "Handbook"));
    }

    public IEnumerable<Agent> Agents(string organization) =>
        _agents.Where(agent => agent.Key.Organization == organization).Select(agent => agent.Value);

    public IEnumerable<DataSource> Sources(string organization) =>
        _sources.Where(source => source.Key.Organization == organization).Select(source => source.Value);

    public DataSource? FindSource(string organization, string id) => _sources.GetValueOrDefault((organization, id));

    public Agent? FindAgent(string organization, string id) => _agents.GetValueOrDefault((organization, id));

    public Agent Add(string organization, Agent agent) => _agents[(organization, agent.Id)] = agent;

    public DataSource Add(string organization, DataSource source) => _sources[(organization, source.Id)] = source;

    public bool DeleteAgent(string organization, string id) => _agents.TryRemove((organization, id), out _);

    public long CountChat(string organization) => _chats.AddOrUpdate(organization, 1, (_, count) => count + 1);

    public long Chats(string organization) => _chats.GetValueOrDefault(organization);
}
