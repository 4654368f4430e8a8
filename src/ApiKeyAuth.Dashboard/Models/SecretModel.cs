using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the page that shows a new secret once.</summary>
internal sealed class SecretModel
{
    public required ApiKey Key { get; init; }

    /// <summary>Gets the secret, or null if it was shown before.</summary>
    public string? Secret { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> TestRequests { get; init; } = [];
}
