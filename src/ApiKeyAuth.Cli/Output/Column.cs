namespace ApiKeyAuth.Cli.Output;

/// <summary>Represents a column of a table: its heading, and the member of the records that it shows.</summary>
/// <param name="Heading">The heading on a terminal.</param>
/// <param name="Field">The name of the member.</param>
internal sealed record Column(string Heading, string Field);
