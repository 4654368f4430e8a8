namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes an error response in its default format (RFC 9457) for OpenAPI documents.</summary>
internal sealed record ApiKeyProblemDocument(
    string Type, string Title, int Status, string Detail, string Code, string TraceId, IReadOnlyDictionary<string, string>? Errors);
