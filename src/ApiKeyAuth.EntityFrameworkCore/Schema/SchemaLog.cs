using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>What is logged at start.</summary>
internal static partial class SchemaLog
{
    [LoggerMessage(2001, LogLevel.Warning, "The database of {Context} cannot be reached, so its tables are not checked; keys in it are refused with 503 until it can.")]
    public static partial void Unreachable(ILogger logger, string context);
}
