namespace ApiKeyAuth.Management.Documents;

/// <summary>How a rotation is asked for, for documents; it is read strictly and by hand.</summary>
internal sealed record ApiKeyRotationDocument(int? GraceSeconds, bool? DiscardCurrent);
