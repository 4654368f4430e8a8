namespace Twig;

/// <summary>Represents a data source that agents read.</summary>
internal sealed record DataSource(string Id, string Name);
