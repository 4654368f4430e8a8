using System.Text;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Provides checks for text that some databases reject or change: the character U+0000 and unpaired surrogates.</summary>
/// <remarks>Every writable store rejects such text before it calls the database, and a lookup with it finds nothing.</remarks>
public static class StorableText
{
    /// <summary>Determines whether every database stores a text unchanged.</summary>
    /// <param name="text">The text; null is storable.</param>
    public static bool IsStorable(string? text) => text is null || (!text.Contains('\0') && IsWellFormed(text));

    /// <summary>Throws an exception if a key contains text that some databases do not store unchanged.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">A text is not storable. The message names the member.</exception>
    public static void ThrowIfNotStorable(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfAnyNotStorable(nameof(key), [
            (nameof(key.Id), key.Id), (nameof(key.Name), key.Name), (nameof(key.Kind), key.Kind),
            (nameof(key.Environment), key.Environment), (nameof(key.TenantId), key.TenantId), (nameof(key.OwnerId), key.OwnerId),
            (nameof(key.CreatedBy), key.CreatedBy), (nameof(key.RevocationReason), key.RevocationReason),
            .. key.Audiences.Select(text => (nameof(key.Audiences), text)),
            .. key.Metadata.SelectMany(item => new[] { (nameof(key.Metadata), item.Key), (nameof(key.Metadata), item.Value) }),
            .. key.Secrets.Select(secret => (nameof(key.Secrets), secret.Hint)),
        ]);
    }

    /// <summary>Throws an exception if an audit entry contains text that some databases do not store unchanged.</summary>
    /// <param name="audit">The audit entry.</param>
    /// <exception cref="ArgumentException">A text is not storable. The message names the member.</exception>
    public static void ThrowIfNotStorable(ApiKeyAuditEntry audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ThrowIfAnyNotStorable(nameof(audit), [
            (nameof(audit.Action), audit.Action), (nameof(audit.KeyId), audit.KeyId), (nameof(audit.TenantId), audit.TenantId),
            (nameof(audit.Actor), audit.Actor), (nameof(audit.Address), audit.Address), (nameof(audit.Changes), audit.Changes),
        ]);
    }

    private static bool IsWellFormed(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                return false;
            }

            index += rune.Utf16SequenceLength;
        }

        return true;
    }

    private static void ThrowIfAnyNotStorable(string parameter, ReadOnlySpan<(string Member, string? Text)> texts)
    {
        foreach (var (member, text) in texts)
        {
            if (!IsStorable(text))
            {
                throw new ArgumentException(
                    $"{member} contains the character U+0000 or an unpaired surrogate, which some databases reject or change.", parameter);
            }
        }
    }
}
