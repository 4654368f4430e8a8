namespace TwinExpert;

/// <summary>Represents a twin, with whom users have conversations.</summary>
internal sealed record Twin(string Id, string Name);
