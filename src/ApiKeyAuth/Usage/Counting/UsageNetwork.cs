using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Usage;

/// <summary>A caller's network, cut so that it names nobody: an IPv4 /24 or an IPv6 /48.</summary>
internal readonly record struct UsageNetwork
{
    /// <summary>The network of a caller without an address.</summary>
    public static readonly UsageNetwork None;

    /// <summary>The networks beyond the number that is kept apart.</summary>
    public static readonly UsageNetwork Other = new(0, Kinds.Other);

    private const int IPv4Length = 24;
    private const int IPv6Length = 48;

    private readonly ulong _bits;
    private readonly Kinds _kind;

    private UsageNetwork(ulong bits, Kinds kind) => (_bits, _kind) = (bits, kind);

    private enum Kinds : byte
    {
        None,
        Other,
        IPv4,
        IPv6,
    }

    /// <summary>Whether it is a network by itself.</summary>
    public bool IsOne => _kind is Kinds.IPv4 or Kinds.IPv6;

    public static UsageNetwork Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return None;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return OfIPv4(bytes);
        }

        return address.IsIPv4MappedToIPv6
            ? OfIPv4(bytes[12..])
            : new UsageNetwork(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - IPv6Length), Kinds.IPv6);
    }

    /// <summary>The network, or null where it is not one.</summary>
    public IPNetwork? ToNetwork()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        switch (_kind)
        {
            case Kinds.IPv4:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_bits << (32 - IPv4Length));
                return new IPNetwork(new IPAddress(bytes[..4]), IPv4Length);
            case Kinds.IPv6:
                BinaryPrimitives.WriteUInt64BigEndian(bytes, _bits << (64 - IPv6Length));
                return new IPNetwork(new IPAddress(bytes), IPv6Length);
            default:
                return null;
        }
    }

    /// <summary>The network as it is stored.</summary>
    public override string ToString() => ToNetwork()?.ToString() ?? (_kind == Kinds.Other ? "other" : "");

    private static UsageNetwork OfIPv4(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes) >> (32 - IPv4Length), Kinds.IPv4);
}
