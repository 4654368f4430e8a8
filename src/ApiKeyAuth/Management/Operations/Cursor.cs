using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>
/// Encodes the position after a page. It does not contain a tenant, so a cursor only ever selects a position in the caller's own list.
/// </summary>
internal static class Cursor
{
    private const int MaxLength = 1_000;

    public static string Create(ApiKey last) => Encode(string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}:{last.Id}"));

    public static string Create(ApiKeyAuditEntry last) => Encode(last.Id.ToString("N"));

    public static (DateTimeOffset CreatedAt, string Id)? ReadKey(string text) =>
        Decode(text)?.Split(':', 2) is [var ticks, var id] && KeyValidator.IsValidId(id)
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTime.MaxValue.Ticks
            ? (new DateTimeOffset(at, TimeSpan.Zero), id)
            : null;

    public static Guid? ReadEntry(string text) => Guid.TryParseExact(Decode(text), "N", out var id) ? id : null;

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    // Checked first, because the decoder throws if the text is not Base64.
    private static string? Decode(string text) =>
        text.Length <= MaxLength && Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) : null;
}
