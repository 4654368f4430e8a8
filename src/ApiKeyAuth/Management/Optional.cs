using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Management;

/// <summary>
/// Represents a member of a merge patch (RFC 7396), which is absent (the default) or set. Setting it to null clears the value.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
[SuppressMessage("Naming", "CA1716", Justification = "Visual Basic can escape the name, and it is the usual name.")]
public readonly struct Optional<T>
{
    /// <summary>Initializes a member that is set.</summary>
    /// <param name="value">The value.</param>
    public Optional(T value)
    {
        IsSet = true;
        Value = value;
    }

    /// <summary>Gets whether the member is set.</summary>
    public bool IsSet { get; }

    /// <summary>Gets the value if the member is set.</summary>
    public T? Value { get; }

    /// <summary>Gets the value if the member is set; otherwise, a default value.</summary>
    internal T? GetValueOrDefault(T? defaultValue) => IsSet ? Value : defaultValue;
}
