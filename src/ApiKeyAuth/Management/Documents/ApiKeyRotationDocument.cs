namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a rotation for OpenAPI documents. The body is read by <c>BodyReader</c>.</summary>
internal sealed record ApiKeyRotationDocument(int? GraceSeconds, bool? DiscardCurrent);
