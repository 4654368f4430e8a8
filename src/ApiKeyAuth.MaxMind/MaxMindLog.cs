using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.MaxMind;

/// <summary>Defines the log events of the package. None contains a path or an address.</summary>
internal static partial class MaxMindLog
{
    [LoggerMessage(4001, LogLevel.Information, "The country database has changed and was reloaded.")]
    public static partial void Refreshed(ILogger logger);

    [LoggerMessage(4002, LogLevel.Warning,
        "The country database has changed and cannot be read ({Exception}). The previous data stays in use.")]
    public static partial void RefreshFailed(ILogger logger, string exception);
}
