using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Decides whether a caller may change keys, whatever the change is. Reading is not its concern.</summary>
internal static class ChangeRules
{
    private static readonly ApiKeyProblem RetiringSecret = Problems.Forbidden(
        "The caller uses a secret that a rotation is retiring, and such a secret changes nothing; use the API key's current secret, or "
        + "another caller if that one was lost");

    /// <summary>Finds why a caller may change no key at all; null if nothing stands against it.</summary>
    /// <remarks>A retiring secret may have leaked, which is why it was rotated: whoever holds it must not outlast the rotation.</remarks>
    public static ApiKeyProblem? FindProblem(ApiKeyCaller caller) => caller.IsRetiring ? RetiringSecret : null;

    /// <summary>Finds why a caller may not change a key that it sees; null if nothing stands against it.</summary>
    /// <remarks>
    /// A key changes keys of its own environment only, and one that names none only keys that name none: which environments it is meant for
    /// would be a guess. Users and the app itself are bound to no environment.
    /// </remarks>
    public static ApiKeyProblem? FindProblem(ApiKeyCaller caller, ApiKey key) =>
        FindProblem(caller) is { } hindrance ? hindrance
        : caller.IsInEnvironmentOf(key) || caller.KeyId == key.Id ? null
        : Problems.Forbidden($"{DescribeEnvironment(caller)} and may change only API keys of the same environment");

    /// <summary>Describes the environment that a caller's key is bound to, as the start of a sentence.</summary>
    public static string DescribeEnvironment(ApiKeyCaller caller) => caller.Environment is { } environment
        ? $"The caller's API key belongs to the environment {environment}"
        : "The caller's API key names no environment";
}
