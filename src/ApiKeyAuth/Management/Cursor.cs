using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ApiKeyAuth.Management;

/// <summary>Where a page ended: the last key's creation and id. It holds no tenant, so another tenant's cursor only shows a place in one's own list.</summary>
internal static class Cursor
{
    public static string Write(DateTimeOffset createdAt, string id) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{createdAt.UtcTicks}:{id}")));

    public static (DateTimeOffset CreatedAt, string Id)? Read(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (text.Length > 1_000 || !Base64Url.TryDecodeFromChars(text, bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts is [var ticks, var id] && KeyRules.IsId(id)
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTime.MaxValue.Ticks
            ? (new DateTimeOffset(at, TimeSpan.Zero), id)
            : null;
    }
}
