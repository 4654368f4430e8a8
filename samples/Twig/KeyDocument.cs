using System.Text.Json.Serialization;
using ApiKeyAuth.Keys;
using Samples;

namespace Twig;

/// <summary>Represents a key in responses.</summary>
internal sealed record KeyDocument
{
    public required string Id { get; init; }

    /// <summary>Gets the secret, which only the response to its creation contains.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    public required string Name { get; init; }

    public required string? Type { get; init; }

    public required string[] Scopes { get; init; }

    public required string Status { get; init; }

    public required string? ExpiresAt { get; init; }

    public required string CreatedAt { get; init; }

    public required string? LastUsedAt { get; init; }

    public static KeyDocument Of(ApiKey key, DateTimeOffset now, string? secret = null) => new()
    {
        Id = key.Id,
        Key = secret,
        Name = key.Name,
        Type = key.Kind,
        Scopes = [.. key.Scopes],
        Status = $"{key.GetStatus(now)}".ToLowerInvariant(),
        ExpiresAt = key.ExpiresAt?.ToString(),
        CreatedAt = key.CreatedAt.ToUtcSeconds(),
        LastUsedAt = key.LastUsedAt?.ToUtcSeconds(),
    };

    public override string ToString() => Id;
}
