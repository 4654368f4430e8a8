using System.Buffers;
using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Contains the bytes of words, and of keys without their padding.</summary>
internal static class KeyBytes
{
    private static readonly SearchValues<byte> Base62 =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> Base64 =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"u8);

    private static readonly SearchValues<byte> Base64Url =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    private static readonly SearchValues<byte> Guid = SearchValues.Create("0123456789ABCDEFabcdef-"u8);

    /// <summary>Gets the bytes that go on a word.</summary>
    public static SearchValues<byte> Word { get; } =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    public static SearchValues<byte> Get(ApiKeyAlphabet alphabet) => alphabet switch
    {
        ApiKeyAlphabet.Hex => Hex,
        ApiKeyAlphabet.Base64 => Base64,
        ApiKeyAlphabet.Base64Url => Base64Url,
        ApiKeyAlphabet.Guid => Guid,
        _ => Base62,
    };
}
