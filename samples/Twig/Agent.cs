namespace Twig;

/// <summary>Represents an agent that answers prompts.</summary>
internal sealed record Agent(string Id, string Name);
