using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Management;

/// <summary>A member of a change: absent (the default), which keeps what is, or set, also to null, which clears it (RFC 7396).</summary>
/// <typeparam name="T">The member's type.</typeparam>
[SuppressMessage("Naming", "CA1716", Justification = "Visual Basic can escape the name, and it is the field\'s own.")]
public readonly struct Optional<T>
{
    /// <summary>Sets the member.</summary>
    public Optional(T value)
    {
        IsSet = true;
        Value = value;
    }

    /// <summary>Whether the member is set.</summary>
    public bool IsSet { get; }

    /// <summary>The value where it is set.</summary>
    public T? Value { get; }

    /// <summary>Gives the value where it is set, else what was before.</summary>
    internal T? GetValueOrDefault(T? defaultValue) => IsSet ? Value : defaultValue;
}
