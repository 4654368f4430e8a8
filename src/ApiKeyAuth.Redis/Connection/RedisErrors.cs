using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Says why a call failed without repeating a message, which may hold addresses, arguments or names.</summary>
internal static class RedisErrors
{
    public const string NoAnswer = "no answer in time";

    private const int MaxCodeLength = 20;

    public static string Describe(Exception exception) => exception switch
    {
        TimeoutException => NoAnswer,
        RedisConnectionException connection => $"no connection: {connection.FailureType}",
        RedisServerException server => $"the server says {GetCode(server.Message)}",
        _ => exception.GetType().Name,
    };

    /// <summary>The code an error of the server begins with, such as READONLY, NOAUTH or OOM.</summary>
    public static string GetCode(string message) =>
        message.Split(' ').FirstOrDefault(word => word.Length > 1 && word.Length <= MaxCodeLength && word.All(char.IsAsciiLetterUpper)) ?? "ERR";

    /// <summary>Determines whether the server refused a call because it is not, or not yet again, a primary that takes writes.</summary>
    public static bool IsNotPrimary(Exception exception) =>
        // Before version 7 the code of an error in a script is not at the beginning.
        exception is RedisServerException
        && exception.Message.Split([' ', '-', ':']).Any(word => word is "READONLY" or "MASTERDOWN" or "LOADING" or "NOREPLICAS");

    /// <summary>Determines whether the client found no server that it may send a write to.</summary>
    public static bool IsPrimaryMissing(Exception exception) =>
        exception is RedisCommandException
            or RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection };

    /// <summary>Whether it was the user or the password that failed.</summary>
    public static bool IsAuthenticationFailure(Exception? exception) =>
        exception is not null && (exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
            || (exception is RedisServerException server && GetCode(server.Message) is "NOAUTH" or "WRONGPASS")
            || IsAuthenticationFailure(exception.InnerException));
}
