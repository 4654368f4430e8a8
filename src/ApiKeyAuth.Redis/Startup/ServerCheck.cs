using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds problems of a server that would let limits be exceeded or keep its features from working.</summary>
internal sealed class ServerCheck(RedisConnection connection, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>The timeout of each call. It is longer than that of a request, because only the startup waits.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // A script, because the client allows a direct INFO only with its administrator option.
    private const string InfoScript = "return redis.call('INFO')";
    private static readonly TimeSpan ConnectingInterval = TimeSpan.FromMilliseconds(20);
    private const string ReplicaProblem = "the server is a replica, which accepts no writes; connect to its primary.";

    private readonly Lock _lock = new();
    private readonly RedisKey _probeKey = connection.Prefix + "startup:probe";
    private Task<string?>? _serverProblem;

    /// <summary>Checks the server, once for all its features, and runs the script of one of them.</summary>
    /// <exception cref="InvalidOperationException">The server has a wrong setup. The message names the problem and its fix.</exception>
    /// <exception cref="RedisException">The server is unavailable.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task RunAsync(Func<Task> runScript, CancellationToken cancellationToken)
    {
        if (await FindProblemAsync(runScript, cancellationToken) is { } problem)
        {
            throw new InvalidOperationException($"{connection.Method}(): {problem}");
        }
    }

    private async Task<string?> FindProblemAsync(Func<Task> runScript, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindServerProblemOnceAsync(cancellationToken) is { } problem)
            {
                return problem;
            }

            await runScript().WaitAsync(Timeout, time, cancellationToken);
            return null;
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

    private Task<string?> FindServerProblemOnceAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _serverProblem ??= FindServerProblemAsync(cancellationToken);
        }
    }

    private async Task<string?> FindServerProblemAsync(CancellationToken cancellationToken)
    {
        var names = new HostNameCheck(connection, time, loggers.CreateLogger<HostNameCheck>()).CheckAsync(cancellationToken);
        try
        {
            var info = (string?)await ReadInfoAsync(cancellationToken) ?? "";
            return FindProblem(info) ?? (GetField(info, "garnet_version") is null ? null : await FindGarnetProblemAsync());
        }
        finally
        {
            await names;
        }
    }

    private async Task<RedisResult> ReadInfoAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var client = await connection.OpenAsync();
            try
            {
                return await connection.GetDatabase(client).ScriptEvaluateAsync(InfoScript, [_probeKey])
                    .WaitAsync(Timeout, time, cancellationToken);
            }
            catch (RedisConnectionException exception) when (!RedisErrors.IsAuthenticationFailure(exception)
                && client.IsConnecting && time.GetElapsedTime(started) < Timeout)
            {
                // The server accepted the connection and is slow. Whether it accepts the password is not known yet.
                await Task.Delay(ConnectingInterval, time, cancellationToken);
            }
        }
    }

    private static string? FindProblem(string info)
    {
        if (GetField(info, "role") is "slave" or "replica")
        {
            return ReplicaProblem;
        }

        return GetField(info, "maxmemory_policy") is { } policy && policy != "noeviction"
            ? $"the server's maxmemory-policy is {policy}, so it would evict limits and changes of keys when its memory is full; "
                + "set maxmemory-policy noeviction."
            : null;
    }

    private async Task<string?> FindGarnetProblemAsync()
    {
        if (await connection.OpenNewAsync() is not { } other)
        {
            RedisLog.AtomicityUnknown(loggers.CreateLogger<ServerCheck>(), connection.Method);
            return null;
        }

        await using (other)
        {
            var (first, second) = (await connection.GetDatabaseAsync(), connection.GetDatabase(other));
            var isAtomic = await AtomicityProbe.IsAtomicAsync(first, second, $"{_probeKey}:{Guid.NewGuid():N}").WaitAsync(Timeout, time);
            return isAtomic
                ? null
                : "Garnet runs scripts of several connections at once, so limits would be exceeded and changes of keys lost; "
                    + "start it with --lua-transaction-mode.";
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
        "NOPERM" => "the Redis user lacks a permission; grant the permissions in the README of ApiKeyAuth.Redis.",
        "READONLY" => ReplicaProblem,
        "OOM" => "the server's memory is full; raise maxmemory.",
        _ => $"the server does not run the library's Lua scripts ({code}); it needs EVAL and EVALSHA, on Garnet --lua and "
            + "--lua-transaction-mode, and for an ACL user the permissions in the README of ApiKeyAuth.Redis.",
    };
}
