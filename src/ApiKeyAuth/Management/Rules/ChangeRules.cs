using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Determines whether a caller may change keys at all. It does not apply to reading.</summary>
internal static class ChangeRules
{
    private static readonly ApiKeyError RetiringSecret = Problems.Forbidden(
        "The caller uses a secret that is retiring after a rotation, which cannot change API keys; use the current secret of the API key, "
        + "or another caller if that secret was lost");

    /// <summary>Returns a problem if a caller may not change any key.</summary>
    /// <remarks>
    /// A retiring secret may have leaked, which is a reason to rotate. Its holder must not gain access beyond its expiration.
    /// </remarks>
    public static ApiKeyError? FindProblem(ApiKeyCaller caller) => caller.IsRetiring ? RetiringSecret : null;

    /// <summary>Returns a problem if a caller may not change a key that it can see.</summary>
    /// <remarks>
    /// A caller that is a key may only change keys of its own environment. A key without an environment may only change keys without one.
    /// Users and the app itself are not bound to an environment.
    /// </remarks>
    public static ApiKeyError? FindProblem(ApiKeyCaller caller, ApiKey key) =>
        FindProblem(caller) is { } problem ? problem
        : caller.IsInEnvironmentOf(key) || caller.KeyId == key.Id ? null
        : Problems.Forbidden($"{DescribeEnvironment(caller)} and may only change API keys of the same environment");

    /// <summary>Describes the environment of a caller's key, as the beginning of a sentence.</summary>
    public static string DescribeEnvironment(ApiKeyCaller caller) => caller.Environment is { } environment
        ? $"The caller's API key belongs to the environment {environment}"
        : "The caller's API key has no environment";
}
