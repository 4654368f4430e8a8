using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Describes why a call failed, without the exception's message: it may contain addresses, arguments or names.</summary>
internal static class RedisErrors
{
    public const string NoAnswer = "no reply before the timeout";

    private const int MaxCodeLength = 20;

    public static string Describe(Exception exception) => exception switch
    {
        TimeoutException => NoAnswer,
        RedisConnectionException connection => $"no connection: {connection.FailureType}",
        RedisServerException server => $"the server returned {GetCode(server.Message)}",
        _ => exception.GetType().Name,
    };

    /// <summary>Gets the code of a server error, such as READONLY, NOAUTH or OOM.</summary>
    public static string GetCode(string message) =>
        message.Split(' ').FirstOrDefault(word => word.Length > 1 && word.Length <= MaxCodeLength && word.All(char.IsAsciiLetterUpper))
        ?? "ERR";

    /// <summary>Determines whether the server rejected a call because it is not a primary that accepts writes.</summary>
    public static bool IsNotPrimary(Exception exception) =>
        // Before Redis 7 the message of a script error does not begin with the code.
        exception is RedisServerException
        && exception.Message.Split([' ', '-', ':']).Any(word => word is "READONLY" or "MASTERDOWN" or "LOADING" or "NOREPLICAS");

    /// <summary>Determines whether the client found no server that accepts writes.</summary>
    public static bool IsPrimaryMissing(Exception exception) =>
        exception is RedisCommandException
            or RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection };

    /// <summary>Determines whether the server rejected the user or the password.</summary>
    public static bool IsAuthenticationFailure(Exception? exception) =>
        exception is not null && (exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
            || (exception is RedisServerException server && GetCode(server.Message) is "NOAUTH" or "WRONGPASS")
            || IsAuthenticationFailure(exception.InnerException));
}
