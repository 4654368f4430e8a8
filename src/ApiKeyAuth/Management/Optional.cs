using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Management;

/// <summary>Provides a method that creates an <see cref="Optional{T}"/> whose type is inferred.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "Visual Basic can escape the name.")]
public static class Optional
{
    /// <summary>Creates a member that is set, such as one whose type is an interface, which cannot be converted implicitly.</summary>
    /// <typeparam name="T">The type of the member.</typeparam>
    /// <param name="value">The value, which may be null.</param>
    public static Optional<T> Create<T>(T value) => new(value);
}

/// <summary>
/// Represents a member of a change: absent, which keeps the current value, or set, also to null, which clears it (RFC 7396). The default
/// is absent.
/// </summary>
/// <typeparam name="T">The type of the member.</typeparam>
[SuppressMessage("Naming", "CA1716", Justification = "Visual Basic can escape the name.")]
public readonly struct Optional<T>
{
    /// <summary>Initializes a member that is set.</summary>
    /// <param name="value">The value, which may be null.</param>
    public Optional(T value)
    {
        IsSet = true;
        Value = value;
    }

    /// <summary>Gets a value indicating whether the member is set.</summary>
    public bool IsSet { get; }

    /// <summary>Gets the value, or the default of the type if the member is absent.</summary>
    public T? Value { get; }

    /// <summary>Converts a value to a member that is set.</summary>
    /// <param name="value">The value, which may be null.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "Optional.Create is the named alternative.")]
    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary>Converts the value if it is set.</summary>
    internal Optional<TResult> Select<TResult>(Func<T?, TResult> selector) => IsSet ? new(selector(Value)) : default;

    /// <summary>Returns the value if it is set; otherwise a default.</summary>
    internal T? GetValueOrDefault(T? defaultValue) => IsSet ? Value : defaultValue;
}
