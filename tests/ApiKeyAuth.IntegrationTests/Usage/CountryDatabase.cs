using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ApiKeyAuth.IntegrationTests.Usage;

/// <summary>
/// Writes country databases in MaxMind's format: a binary tree of networks with records of 24 bits, the data, and the metadata.
/// </summary>
internal static class CountryDatabase
{
    private const int Empty = -1;

    /// <summary>Writes a database.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="isFlat">
    /// Whether the data of a network is the country code itself, or a map as in MaxMind's databases.
    /// </param>
    /// <param name="countries">The networks and their countries.</param>
    public static void Write(string path, bool isFlat, params (string Network, string Country)[] countries)
    {
        var data = new List<byte>();
        var nodes = new List<int[]> { new[] { Empty, Empty } };
        var leaves = new List<int>();
        foreach (var (network, country) in countries)
        {
            leaves.Add(data.Count);
            data.AddRange(isFlat ? Map(("country_code", Text(country))) : Map(("country", Map(("iso_code", Text(country))))));
            Insert(nodes, IPNetwork.Parse(network), -2 - (leaves.Count - 1));
        }

        using var file = File.Create(path);
        foreach (var record in nodes.SelectMany(node => node))
        {
            // Values above the number of nodes and 16 separator bytes point into the data.
            var value = record >= 0 ? record : record == Empty ? nodes.Count : nodes.Count + 16 + leaves[-2 - record];
            file.Write([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        }

        file.Write(new byte[16]);
        file.Write([.. data]);
        file.Write([0xab, 0xcd, 0xef, .. Encoding.ASCII.GetBytes("MaxMind.com")]);
        file.Write([.. Map(
            ("node_count", Number(6, nodes.Count)), ("record_size", Number(5, 24)), ("ip_version", Number(5, 6)), (
                "database_type", Text("Test-Country")),
            ("languages", [0, 4]), ("binary_format_major_version", Number(5, 2)), ("binary_format_minor_version", Number(5, 0)),
            ("build_epoch", Number(9, 1)), ("description", Map()))]);
    }

    private static void Insert(List<int[]> nodes, IPNetwork network, int leaf)
    {
        // IPv4 is in the last 32 bits of IPv6.
        var bytes = network.BaseAddress.GetAddressBytes();
        var isIPv4 = bytes.Length == 4;
        byte[] address = isIPv4 ? [.. new byte[12], .. bytes] : bytes;
        var length = network.PrefixLength + (isIPv4 ? 96 : 0);
        var node = 0;
        for (var bit = 0; bit < length; bit++)
        {
            var side = (address[bit / 8] >> (7 - (bit % 8))) & 1;
            if (bit == length - 1)
            {
                nodes[node][side] = leaf;
            }
            else if (nodes[node][side] < 0)
            {
                nodes.Add([Empty, Empty]);
                nodes[node][side] = nodes.Count - 1;
            }

            node = Math.Max(0, nodes[node][side]);
        }
    }

    private static byte[] Text(string text) => [(byte)(0x40 | text.Length), .. Encoding.UTF8.GetBytes(text)];

    // Types above 7 are written as 0 and the difference.
    private static byte[] Number(int type, int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        bytes = [.. bytes.SkipWhile(each => each == 0)];
        return type > 7 ? [(byte)bytes.Length, (byte)(type - 7), .. bytes] : [(byte)((type << 5) | bytes.Length), .. bytes];
    }

    private static byte[] Map(params (string Name, byte[] Value)[] entries) =>
        [(byte)(0xe0 | entries.Length), .. entries.SelectMany(entry => Text(entry.Name).Concat(entry.Value))];
}
