using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Http;

namespace ApiKeyAuth.Management;

/// <summary>Represents the result of a call to <see cref="ApiKeyManager"/>: a value or an error.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class ApiKeyResult<T>
    where T : notnull
{
    private ApiKeyResult(T? value, ApiKeyError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>Gets whether the call succeeded.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>Gets the value if the call succeeded.</summary>
    public T? Value { get; }

    /// <summary>Gets the error if the call failed.</summary>
    public ApiKeyError? Error { get; }

    /// <summary>Creates a successful result whose value is an interface, which operators cannot convert.</summary>
    internal static ApiKeyResult<T> Success(T value) => new(value, null);

    /// <summary>Creates a successful result.</summary>
    public static implicit operator ApiKeyResult<T>(T value) => new(value, null);

    /// <summary>Creates a failed result.</summary>
    public static implicit operator ApiKeyResult<T>(ApiKeyError error) => new(default, error);
}
