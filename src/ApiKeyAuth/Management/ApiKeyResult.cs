using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Management;

/// <summary>What the manager did, or why it did not.</summary>
/// <typeparam name="T">What it gives where it did.</typeparam>
public sealed class ApiKeyResult<T>
    where T : notnull
{
    private ApiKeyResult(T? value, ApiKeyProblem? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>Whether it was done.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    /// <summary>What came of it.</summary>
    public T? Value { get; }

    /// <summary>Why it was not done.</summary>
    public ApiKeyProblem? Problem { get; }

    /// <summary>Wraps a value.</summary>
    public static implicit operator ApiKeyResult<T>(T value) => new(value, null);

    /// <summary>Wraps a problem.</summary>
    public static implicit operator ApiKeyResult<T>(ApiKeyProblem problem) => new(default, problem);
}
