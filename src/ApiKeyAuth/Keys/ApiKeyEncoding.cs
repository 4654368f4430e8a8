namespace ApiKeyAuth.Keys;

/// <summary>Specifies the characters of the random part of a key.</summary>
public enum ApiKeyEncoding
{
    /// <summary>Digits, uppercase and lowercase letters: 5.95 bits per character.</summary>
    Base62,

    /// <summary>Lowercase hexadecimal digits: 4 bits per character.</summary>
    Hex,
}
