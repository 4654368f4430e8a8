using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Computes the one status of a key that people see, and what they could do about it.</summary>
internal static class KeyAdvice
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);
    private static readonly TimeSpan Long = TimeSpan.FromDays(90);
    private static readonly TimeSpan New = TimeSpan.FromDays(30);

    /// <summary>Returns the name of the status, which is also that of its text and its style.</summary>
    public static string GetStatus(ApiKey key, DateTimeOffset now) => key.GetStatus(now) switch
    {
        ApiKeyStatus.Revoked => "revoked",
        ApiKeyStatus.Disabled => "disabled",
        ApiKeyStatus.Expired => "expired",
        ApiKeyStatus.Idle => "idle",
        ApiKeyStatus.Pending => "pending",
        _ when key.ExpiresAt?.Instant - now <= Soon => "expiring",
        _ when key.LastUsedAt is null => now - key.CreatedAt >= New ? "neverused" : "active",
        _ => now - key.LastUsedAt >= Long ? "unused" : "active",
    };
}
