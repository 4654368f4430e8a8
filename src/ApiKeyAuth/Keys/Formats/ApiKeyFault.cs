namespace ApiKeyAuth.Keys.Formats;

/// <summary>Specifies the first part of a text that does not match a format, in the order of the checks.</summary>
internal enum ApiKeyFault
{
    Prefix,
    Length,
    Alphabet,
    Checksum,
    None,
}
