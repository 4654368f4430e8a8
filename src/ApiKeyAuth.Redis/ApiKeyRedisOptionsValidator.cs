using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Redis;

/// <summary>Says what is wrong with the options and what mends it; never a value that somebody typed.</summary>
internal sealed class ApiKeyRedisOptionsValidator : IValidateOptions<ApiKeyRedisOptions>
{
    private const int MaxPrefixLength = 100;
    private const int MaxNodes = 10_000;

    public ValidateOptionsResult Validate(string? name, ApiKeyRedisOptions options)
    {
        string[] problems = [.. FindProblems(options)];
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> FindProblems(ApiKeyRedisOptions options)
    {
        if (!IsValidPrefix(options.KeyPrefix))
        {
            yield return "AddRedis(): KeyPrefix has 1 to 100 visible ASCII characters, and none of { } * ? [ ] \\.";
        }

        if (options.Database < 0)
        {
            yield return "AddRedis(): Database is 0 or more, or null for the one that the connection names.";
        }

        if (options.Timeout < TimeSpan.FromMilliseconds(1) || options.Timeout > TimeSpan.FromSeconds(5))
        {
            yield return "AddRedis(): Timeout is 1 ms to 5 s.";
        }

        if (!Enum.IsDefined(options.Outage))
        {
            yield return "AddRedis(): Outage is LocalShare, FailClosed or UnsafeFailOpen.";
        }

        if (options.ExpectedNodes is < 1 or > MaxNodes)
        {
            yield return "AddRedis(): ExpectedNodes must be 1 to 10,000, or null if it is not known.";
        }

        if (options.RetryInterval < TimeSpan.FromMilliseconds(10) || options.RetryInterval > TimeSpan.FromMinutes(1))
        {
            yield return "AddRedis(): RetryInterval is 10 ms to 1 min.";
        }
    }

    // Braces would choose the slot of a cluster, and a wildcard makes an ACL's pattern match more than it says.
    private static bool IsValidPrefix(string? prefix) =>
        prefix is { Length: > 0 and <= MaxPrefixLength } && prefix.All(c => c is > ' ' and < '\x7f') && prefix.IndexOfAny(['{', '}', '*', '?', '[', ']', '\\']) < 0;
}
