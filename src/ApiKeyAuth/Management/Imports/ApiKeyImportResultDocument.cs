namespace ApiKeyAuth.Management.Imports;

/// <summary>Represents the response to a request to import keys: one item per key, in the same order.</summary>
internal sealed record ApiKeyImportResultDocument(IReadOnlyList<ApiKeyImportResultDocument.ItemDocument> Keys)
{
    /// <summary>Represents what became of a key.</summary>
    /// <param name="Id">The ID of the key, or null if it would be imported.</param>
    /// <param name="Outcome"><c>imported</c>, <c>valid</c> for a key that would be imported, or <c>exists</c>.</param>
    internal sealed record ItemDocument(string? Id, string Outcome);
}
