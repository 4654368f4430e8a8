namespace ApiKeyAuth.Management.Documents;

/// <summary>A refusal in its default shape (RFC 9457), for documents.</summary>
internal sealed record ApiKeyProblemDocument(
    string Type, string Title, int Status, string Detail, string Code, string TraceId, IReadOnlyDictionary<string, string>? Errors);
