using ApiKeyAuth.Authorization;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>Represents what an operation requires, which the operation carries until the whole document is known.</summary>
/// <param name="Access">The requirements, or null if the operation accepts anonymous callers.</param>
/// <param name="IsRateLimited">Whether the rate limits of keys apply.</param>
internal sealed record OperationAccess(ApiKeyEndpointAccess? Access, bool IsRateLimited)
{
    private const string MetadataName = "ApiKeyAuth.OpenApi";

    /// <summary>Gets a value indicating whether callers can use an API key.</summary>
    public bool AcceptsKeys => Access is { ApiKeySchemes.Count: > 0 };

    public static OperationAccess? Find(OpenApiOperation operation) =>
        operation.Metadata?.TryGetValue(MetadataName, out var access) == true ? access as OperationAccess : null;

    /// <summary>Takes the requirements from an operation, so that a transformer that is added twice applies them once.</summary>
    public static OperationAccess? Take(OpenApiOperation operation)
    {
        var access = Find(operation);
        operation.Metadata?.Remove(MetadataName);
        return access;
    }

    public void AddTo(OpenApiOperation operation)
    {
        operation.Metadata ??= new Dictionary<string, object>(StringComparer.Ordinal);
        operation.Metadata[MetadataName] = this;
    }
}
