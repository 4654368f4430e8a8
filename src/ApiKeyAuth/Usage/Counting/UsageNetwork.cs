using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents a caller's network, truncated so that it identifies no person: an IPv4 /24 or an IPv6 /48.</summary>
internal readonly record struct UsageNetwork
{
    /// <summary>The network of a caller without an address.</summary>
    public static readonly UsageNetwork None;

    /// <summary>The networks above the maximum that is recorded separately.</summary>
    public static readonly UsageNetwork Other = new(Kinds.Other, 0);

    private const int IPv4Length = 24;
    private const int IPv6Length = 48;
    private const int KindShift = 56;

    // The kind, and the first bits of the address below it. It is compact because each used key has two of these.
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

    /// <summary>Gets a value indicating whether the value is a single network.</summary>
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

    /// <summary>Converts the value to a network, or returns <see langword="null"/> if it is not a single network.</summary>
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

    /// <summary>Returns the text that is stored.</summary>
    public override string ToString() => ToNetwork()?.ToString() ?? (Kind == Kinds.Other ? "other" : "");

    private static UsageNetwork FromIPv4(ReadOnlySpan<byte> bytes) =>
        new(Kinds.IPv4, BinaryPrimitives.ReadUInt32BigEndian(bytes) >> (32 - IPv4Length));
}
