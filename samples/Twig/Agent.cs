namespace Twig;

/// <summary>Somebody made up who answers.</summary>
internal sealed record Agent(string Id, string Name);
