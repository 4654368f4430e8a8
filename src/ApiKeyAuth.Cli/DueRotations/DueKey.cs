namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>Represents a key whose secret is old enough to be rotated.</summary>
/// <param name="Id">The ID.</param>
/// <param name="Name">The name.</param>
internal sealed record DueKey(string Id, string Name);
