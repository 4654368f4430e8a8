using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.MaxMind;

/// <summary>Every event the package logs; none takes a path or an address.</summary>
internal static partial class MaxMindLog
{
    [LoggerMessage(4001, LogLevel.Information, "The database of countries was changed and is read anew.")]
    public static partial void Refreshed(ILogger logger);

    [LoggerMessage(4002, LogLevel.Warning, "The database of countries was changed and cannot be read ({Exception}); the one read before stays in use.")]
    public static partial void RefreshFailed(ILogger logger, string exception);
}
