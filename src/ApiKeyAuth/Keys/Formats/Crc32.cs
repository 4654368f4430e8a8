namespace ApiKeyAuth.Keys.Formats;

/// <summary>Computes CRC-32 like zlib and PNG (IEEE 802.3, reflected 0xEDB88320) over ASCII characters, eight at a time.</summary>
/// <remarks>
/// It detects typing errors and protects nothing. Source: Kounavis and Berry, "Novel Table Lookup-Based Algorithms for
/// High-Performance CRC Generation" (2008).
/// </remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = BuildTable();

    /// <summary>Continues a checksum over more characters. The first call passes 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<char> ascii)
    {
        var table = Table.AsSpan(0, 8 * 256);
        var crc = ~checksum;
        while (ascii.Length >= 8)
        {
            crc = table[(7 * 256) + (byte)(crc ^ ascii[0])]
                ^ table[(6 * 256) + (byte)((crc >> 8) ^ ascii[1])]
                ^ table[(5 * 256) + (byte)((crc >> 16) ^ ascii[2])]
                ^ table[(4 * 256) + (byte)((crc >> 24) ^ ascii[3])]
                ^ table[(3 * 256) + (byte)ascii[4]]
                ^ table[(2 * 256) + (byte)ascii[5]]
                ^ table[256 + (byte)ascii[6]]
                ^ table[(byte)ascii[7]];
            ascii = ascii[8..];
        }

        foreach (var character in ascii)
        {
            crc = table[(byte)(crc ^ character)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[8 * 256];
        for (uint index = 0; index < 256; index++)
        {
            var crc = index;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            }

            table[index] = crc;
        }

        for (var index = 256; index < table.Length; index++)
        {
            var previous = table[index - 256];
            table[index] = table[(byte)previous] ^ (previous >> 8);
        }

        return table;
    }
}
