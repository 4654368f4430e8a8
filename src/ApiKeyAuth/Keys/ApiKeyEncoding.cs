namespace ApiKeyAuth.Keys;

/// <summary>The characters that write the random part of a key.</summary>
public enum ApiKeyEncoding
{
    /// <summary>Digits, upper and lower case letters: 5.95 bits a character.</summary>
    Base62,

    /// <summary>Lower case hexadecimal digits: 4 bits a character.</summary>
    Hex,
}
