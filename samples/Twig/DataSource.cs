namespace Twig;

/// <summary>What agents read.</summary>
internal sealed record DataSource(string Id, string Name);
