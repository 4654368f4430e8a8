using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Redis;

/// <summary>Validates <see cref="ApiKeyRedisOptions"/>. The messages do not contain configured values.</summary>
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
            yield return "ApiKeyRedisOptions: KeyPrefix must have 1 to 100 visible ASCII characters other than { } * ? [ ] \\.";
        }

        if (options.Database < 0)
        {
            yield return "ApiKeyRedisOptions: Database must be at least 0, or null for the database of the connection.";
        }

        if (options.Timeout < TimeSpan.FromMilliseconds(1) || options.Timeout > TimeSpan.FromSeconds(5))
        {
            yield return "ApiKeyRedisOptions: Timeout must be 1 ms to 5 s.";
        }

        if (!Enum.IsDefined(options.Outage))
        {
            yield return "ApiKeyRedisOptions: Outage must be LocalShare, FailClosed or UnsafeFailOpen.";
        }

        if (options.ExpectedNodes is < 1 or > MaxNodes)
        {
            yield return "ApiKeyRedisOptions: ExpectedNodes must be 1 to 10,000, or null if it is not known.";
        }

        if (options.RetryInterval < TimeSpan.FromMilliseconds(10) || options.RetryInterval > TimeSpan.FromMinutes(1))
        {
            yield return "ApiKeyRedisOptions: RetryInterval must be 10 ms to 1 min.";
        }
    }

    // Braces would choose the slot in a cluster, and wildcards would make the pattern of an ACL match other keys.
    private static bool IsValidPrefix(string? prefix) =>
        prefix is { Length: > 0 and <= MaxPrefixLength }
        && prefix.All(c => c is > ' ' and < '\x7f')
        && prefix.IndexOfAny(['{', '}', '*', '?', '[', ']', '\\']) < 0;
}
