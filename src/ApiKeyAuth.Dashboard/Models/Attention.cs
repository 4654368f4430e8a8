using System.Collections.Immutable;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents a reason to look at a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Reason">The name of the reason, which is also that of its text.</param>
/// <param name="At">The time that the text names, or null.</param>
internal sealed record Attention(ApiKey Key, string Reason, DateTimeOffset? At)
{
    public const int SoonDays = 7;
    public const int NewDays = 30;

    /// <summary>The reasons, the most urgent first.</summary>
    public static readonly ImmutableArray<string> Reasons = ["expiring", "oldsecret", "wide", "aged", "idle", "neverused", "unused"];

    private static readonly TimeSpan Soon = TimeSpan.FromDays(SoonDays);
    private static readonly TimeSpan Long = TimeSpan.FromDays(90);
    private static readonly TimeSpan New = TimeSpan.FromDays(NewDays);

    /// <summary>Finds the reasons to look at a key, the most urgent first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The current time.</param>
    /// <param name="maxSecretAge">The age at which a secret should be rotated, or null.</param>
    /// <param name="countsUsage">Whether the store counts usage. If it does not, no key is called unused.</param>
    public static IEnumerable<Attention> Find(ApiKey key, DateTimeOffset now, TimeSpan? maxSecretAge, bool countsUsage)
    {
        if (key.GetStatus(now) == ApiKeyStatus.Idle)
        {
            yield return new(key, "idle", key.GetIdleExpiration());
        }

        if (key.GetStatus(now) != ApiKeyStatus.Active)
        {
            yield break;
        }

        if (key.ExpiresAt is { } expiry && expiry.Instant - now <= Soon)
        {
            yield return new(key, "expiring", expiry.Instant);
        }

        if (key.Secrets.Skip(1).Where(old => old.LastUsedAt > key.Secrets[0].CreatedAt).Max(old => old.LastUsedAt) is { } used)
        {
            yield return new(key, "oldsecret", used);
        }

        if (key.Secrets is [{ } secret, ..] && now - secret.CreatedAt >= maxSecretAge)
        {
            yield return new(key, "aged", secret.CreatedAt);
        }

        if (Enumerable.Contains(key.Scopes, "*"))
        {
            yield return new(key, "wide", null);
        }

        if (countsUsage && key.LastUsedAt is null && now - key.CreatedAt >= New)
        {
            yield return new(key, "neverused", key.CreatedAt);
        }
        else if (countsUsage && now - key.LastUsedAt >= Long)
        {
            yield return new(key, "unused", key.LastUsedAt);
        }
    }
}
