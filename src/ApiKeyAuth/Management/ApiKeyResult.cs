using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Management;

/// <summary>Represents the result of a call to <see cref="ApiKeyManager"/>: a value or a problem.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class ApiKeyResult<T>
    where T : notnull
{
    private ApiKeyResult(T? value, ApiKeyProblem? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>Gets whether the call succeeded.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    /// <summary>Gets the value if the call succeeded.</summary>
    public T? Value { get; }

    /// <summary>Gets the problem if the call failed.</summary>
    public ApiKeyProblem? Problem { get; }

    /// <summary>Creates a successful result.</summary>
    public static implicit operator ApiKeyResult<T>(T value) => new(value, null);

    /// <summary>Creates a failed result.</summary>
    public static implicit operator ApiKeyResult<T>(ApiKeyProblem problem) => new(default, problem);
}
