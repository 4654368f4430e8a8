using System.Text.Json.Serialization;

namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Represents the metadata of a protected resource (RFC 9728 §2). Members without a value are omitted.</summary>
internal sealed class ProtectedResourceDocument
{
    public required string Resource { get; init; }

    public string? ResourceName { get; init; }

    public string? ResourceDocumentation { get; init; }

    public string[]? AuthorizationServers { get; init; }

    public string[]? ScopesSupported { get; init; }

    // An empty list means that no token can be sent in the ways of RFC 6750, and is therefore written.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string[] BearerMethodsSupported { get; init; }
}
