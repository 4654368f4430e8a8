using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds what of a server would let a limit be exceeded, or keep the limiter from deciding at all.</summary>
internal sealed class ServerCheck(
    RedisConnection connection, StateNames names, ServerProbe probe, BackplaneScript backplane, TimeProvider time, ILogger<ServerCheck> logger)
{
    // Asked by a script, because the client lets nobody but an administrator ask outright.
    private const string InfoScript = "return redis.call('INFO')";

    // A start may wait longer than a request.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Says what is wrong and what mends it, or null; fails where the server is away.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = await connection.GetDatabaseAsync();
            var info = (string?)await database.ScriptEvaluateAsync(InfoScript, [names.Probe]).WaitAsync(Timeout, time, cancellationToken) ?? "";
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
            return "Redis refuses the user or the password; correct user= and password= in the connection string.";
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
            return "the server is a replica, which takes no writes; connect to its primary.";
        }

        return GetField(info, "maxmemory_policy") is { } policy && policy != "noeviction"
            ? $"the server's maxmemory-policy is {policy}, so it would forget what callers have used when its memory is full; set maxmemory-policy noeviction."
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
            var isAtomic = await AtomicityProbe.IsAtomicAsync(await connection.GetDatabaseAsync(), connection.GetDatabase(other), names.AtomicityProbe).WaitAsync(Timeout, time);
            return isAtomic ? null : "Garnet runs scripts of several connections at once, so limits would be exceeded; start it with --lua-transaction-mode.";
        }
    }

    private static string? GetField(string info, string name) =>
        info.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..];

    // The server is starting, or stopped by a script: that passes.
    private static bool IsTransient(RedisServerException exception) =>
        RedisErrors.GetCode(exception.Message) is "LOADING" or "BUSY" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN";

    private static string Explain(string code) => code switch
    {
        "NOPERM" => "the Redis user may not do what the limiter needs; give it the rights in the README of ApiKeyAuth.Redis.",
        "READONLY" => "the server is a replica, which takes no writes; connect to its primary.",
        "OOM" => "the server's memory is full; raise maxmemory.",
        _ => $"the server does not run the limiter's Lua script ({code}); it needs EVAL and EVALSHA, on Garnet --lua and --lua-transaction-mode, and for an ACL user the rights in the README of ApiKeyAuth.Redis.",
    };
}
