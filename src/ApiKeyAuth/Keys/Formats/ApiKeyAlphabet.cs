using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Specifies the characters of a key that was issued elsewhere.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "A key in this alphabet is the text of a System.Guid.")]
public enum ApiKeyAlphabet
{
    /// <summary>Digits, uppercase and lowercase letters.</summary>
    Base62,

    /// <summary>Hexadecimal digits in either case.</summary>
    Hex,

    /// <summary>Base64 with <c>+</c> and <c>/</c>, with or without padding.</summary>
    Base64,

    /// <summary>Base64url with <c>-</c> and <c>_</c>, with or without padding.</summary>
    Base64Url,

    /// <summary>A GUID with dashes and without braces, in either case.</summary>
    Guid,
}
