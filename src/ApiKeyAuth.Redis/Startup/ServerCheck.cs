using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds problems of the server that would let limits be exceeded or keep the limiter from deciding.</summary>
internal sealed class ServerCheck(
    RedisConnection connection,
    StateNames names,
    ServerProbe probe,
    BackplaneScript backplane,
    TimeProvider time,
    ILogger<ServerCheck> logger)
{
    // A script, because the client allows a direct INFO only with its administrator option.
    private const string InfoScript = "return redis.call('INFO')";
    private const string ReplicaProblem = "the server is a replica, which accepts no writes; connect to its primary.";

    // Longer than the timeout of a request, because only the startup waits.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Describes the problem and its fix, or returns <see langword="null"/>. Throws if the server is unavailable.
    /// </summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = await connection.GetDatabaseAsync();
            var reply = await database.ScriptEvaluateAsync(InfoScript, [names.Probe]).WaitAsync(Timeout, time, cancellationToken);
            var info = (string?)reply ?? "";
            if (FindProblem(info) is { } problem)
            {
                return problem;
            }

            await probe.RunAsync(Timeout);
            await backplane.ProbeAsync().WaitAsync(Timeout, time, cancellationToken);
            return GetField(info, "garnet_version") is null ? null : await FindGarnetProblemAsync();
        }
        catch (Exception exception) when (RedisErrors.IsAuthenticationFailure(exception))
        {
            return "Redis rejects the user or the password; correct user= and password= in the connection string.";
        }
        catch (RedisServerException exception) when (!IsTransient(exception))
        {
            return Explain(RedisErrors.GetCode(exception.Message));
        }
    }

    private static string? FindProblem(string info)
    {
        if (GetField(info, "role") is "slave" or "replica")
        {
            return ReplicaProblem;
        }

        return GetField(info, "maxmemory_policy") is { } policy && policy != "noeviction"
            ? $"the server's maxmemory-policy is {policy}, so it would evict the usage of callers when its memory is full; "
                + "set maxmemory-policy noeviction."
            : null;
    }

    private async Task<string?> FindGarnetProblemAsync()
    {
        if (await connection.OpenNewAsync() is not { } other)
        {
            RedisLog.AtomicityUnknown(logger);
            return null;
        }

        await using (other)
        {
            var (first, second) = (await connection.GetDatabaseAsync(), connection.GetDatabase(other));
            var isAtomic = await AtomicityProbe.IsAtomicAsync(first, second, names.AtomicityProbe).WaitAsync(Timeout, time);
            return isAtomic
                ? null
                : "Garnet runs scripts of several connections at once, so limits would be exceeded; start it with --lua-transaction-mode.";
        }
    }

    private static string? GetField(string info, string name) =>
        info.Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..];

    // The server is starting, or busy with a script.
    private static bool IsTransient(RedisServerException exception) =>
        RedisErrors.GetCode(exception.Message) is "LOADING" or "BUSY" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN";

    private static string Explain(string code) => code switch
    {
        "NOPERM" => "the Redis user lacks a permission that the limiter needs; grant the permissions in the README of ApiKeyAuth.Redis.",
        "READONLY" => ReplicaProblem,
        "OOM" => "the server's memory is full; raise maxmemory.",
        _ => $"the server does not run the limiter's Lua script ({code}); it needs EVAL and EVALSHA, on Garnet --lua and "
            + "--lua-transaction-mode, and for an ACL user the permissions in the README of ApiKeyAuth.Redis.",
    };
}
