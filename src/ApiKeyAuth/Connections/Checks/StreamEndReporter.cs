using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys.Internal;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Reports connections that were ended: to the metrics, to the key's usage, and to the log once per key and reason.</summary>
/// <param name="countEnd">Counts the end of a connection of a key with its outcome and the address of the caller.</param>
/// <param name="metrics">The metrics.</param>
/// <param name="logger">The logger.</param>
internal sealed class StreamEndReporter(
    Action<VerifiedApiKey, string, IPAddress?> countEnd, ApiKeyMetrics metrics, ILogger<StreamEndReporter> logger)
{
    /// <summary>Counts the end of a connection.</summary>
    public void Count(OpenStream stream, StreamEndReason reason)
    {
        metrics.RecordStreamEnd(reason);
        countEnd(stream.Verified, StreamRules.GetErrorCode(reason), stream.Address);
    }

    /// <summary>Logs how many connections of a key were ended, by reason.</summary>
    public void Report(string keyId, Dictionary<StreamEndReason, int> ended)
    {
        foreach (var (reason, number) in ended)
        {
            Log.StreamsEnded(logger, number, keyId, reason);
        }
    }
}
