using System.Text;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Tells the text that every database keeps from what some refuse or change: the character U+0000, and halves of surrogate pairs.</summary>
/// <remarks>Every writable store refuses the latter before the database sees it, and finds nothing by it.</remarks>
public static class StorableText
{
    /// <summary>Tells whether a text is kept as it is by every database; no text is.</summary>
    public static bool IsStorable(string? text) => text is null || (!text.Contains('\0') && IsWellFormed(text));

    /// <summary>Refuses a key with a text that some database does not keep.</summary>
    /// <exception cref="ArgumentException">A text is not storable; the message names the member.</exception>
    public static void ThrowIfNotStorable(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfAnyNotStorable(nameof(key), [
            (nameof(key.Id), key.Id), (nameof(key.Name), key.Name), (nameof(key.Kind), key.Kind), (nameof(key.Environment), key.Environment),
            (nameof(key.TenantId), key.TenantId), (nameof(key.OwnerId), key.OwnerId), (nameof(key.CreatedBy), key.CreatedBy),
            (nameof(key.RevocationReason), key.RevocationReason),
            .. key.Audiences.Select(text => (nameof(key.Audiences), text)),
            .. key.Metadata.SelectMany(item => new[] { (nameof(key.Metadata), item.Key), (nameof(key.Metadata), item.Value) }),
            .. key.Secrets.Select(secret => (nameof(key.Secrets), secret.Hint)),
        ]);
    }

    /// <summary>Refuses an audit entry with a text that some database does not keep.</summary>
    /// <exception cref="ArgumentException">A text is not storable; the message names the member.</exception>
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
                throw new ArgumentException($"{member} holds the character U+0000 or half a surrogate pair, which not every database keeps.", parameter);
            }
        }
    }
}
