using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Represents a hub that counts its invocations.</summary>
internal sealed class StreamHub(StreamHub.Calls calls) : Hub
{
    public string Ping()
    {
        Interlocked.Increment(ref calls.Count);
        return "pong";
    }

    [RequireScope("b")]
    public string NeedsB() => Ping();

    internal sealed class Calls
    {
        public int Count;
    }
}
