using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>A hub that counts what it was asked.</summary>
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
