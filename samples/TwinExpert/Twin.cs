namespace TwinExpert;

/// <summary>Somebody one can talk to.</summary>
internal sealed record Twin(string Id, string Name);
