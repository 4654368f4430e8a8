using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>A caller's network, cut so that it names nobody: an IPv4 /24 or an IPv6 /48.</summary>
internal readonly record struct UsageNetwork
{
    /// <summary>The network of a caller without an address.</summary>
    public static readonly UsageNetwork None;

    /// <summary>The networks beyond the number that is kept apart.</summary>
    public static readonly UsageNetwork Other = new(Kinds.Other, 0);

    private const int IPv4Length = 24;
    private const int IPv6Length = 48;
    private const int KindShift = 56;

    // The kind, and below it the address's first bits: every key in use holds two of these.
    private readonly ulong _value;

    private UsageNetwork(Kinds kind, ulong bits) => _value = ((ulong)kind << KindShift) | bits;

    private Kinds Kind => (Kinds)(_value >> KindShift);

    private enum Kinds : byte
    {
        None,
        Other,
        IPv4,
        IPv6,
    }

    /// <summary>Whether it is a network by itself.</summary>
    public bool IsNetwork => Kind is Kinds.IPv4 or Kinds.IPv6;

    public static UsageNetwork FromAddress(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return None;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return FromIPv4(bytes);
        }

        return address.IsIPv4MappedToIPv6
            ? FromIPv4(bytes[12..])
            : new UsageNetwork(Kinds.IPv6, BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - IPv6Length));
    }

    /// <summary>The network, or null where it is not one.</summary>
    public IPNetwork? ToNetwork()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        switch (Kind)
        {
            case Kinds.IPv4:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_value << (32 - IPv4Length));
                return new IPNetwork(new IPAddress(bytes[..4]), IPv4Length);
            case Kinds.IPv6:
                BinaryPrimitives.WriteUInt64BigEndian(bytes, _value << (64 - IPv6Length));
                return new IPNetwork(new IPAddress(bytes), IPv6Length);
            default:
                return null;
        }
    }

    /// <summary>The network as it is stored.</summary>
    public override string ToString() => ToNetwork()?.ToString() ?? (Kind == Kinds.Other ? "other" : "");

    private static UsageNetwork FromIPv4(ReadOnlySpan<byte> bytes) =>
        new(Kinds.IPv4, BinaryPrimitives.ReadUInt32BigEndian(bytes) >> (32 - IPv4Length));
}
