namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents a page that reports an error.</summary>
internal sealed record ErrorModel(string Title, string Message);
