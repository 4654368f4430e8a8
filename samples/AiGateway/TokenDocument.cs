using System.Text.Json.Serialization;
using ApiKeyAuth.Keys;
using Samples;

namespace AiGateway;

/// <summary>Represents a token in responses.</summary>
internal sealed record TokenDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets the secret, which only the response to its creation contains.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    public required string CreatedAt { get; init; }

    /// <summary>Gets the last day or the time of the expiration, or <see langword="null"/>.</summary>
    public string? ExpiresAt { get; init; }

    public string? LastUsedAt { get; init; }

    public required string Status { get; init; }

    public static TokenDocument Of(ApiKey key, DateTimeOffset now, string? secret = null) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Token = secret,
        CreatedAt = key.CreatedAt.ToUtcSeconds(),
        ExpiresAt = key.ExpiresAt?.ToString(),
        LastUsedAt = key.LastUsedAt?.ToUtcSeconds(),
        Status = key.GetStatus(now) is ApiKeyStatus.Disabled ? "INACTIVE" : $"{key.GetStatus(now)}".ToUpperInvariant(),
    };

    public override string ToString() => Id;
}
