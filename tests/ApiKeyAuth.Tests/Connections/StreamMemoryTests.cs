using System.Net;
using ApiKeyAuth.Connections;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Tests.Caching;
using ApiKeyAuth.Tests.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Tests the memory of an open connection beyond that of the server.</summary>
[NonParallelizable]
public sealed class StreamMemoryTests
{
    private const int Count = 10_000;
    private const int Limit = 256;

    [Test]
    public async Task Open_ManyUpgradedRequests_StaysBelowTheMemoryLimit()
    {
        using var rig = new StreamRig(new ScriptedStore(CacheRig.Key("k", "s")));
        var verified = (await CacheRig.FindAsync(rig.Cache, rig.Clock, "s")).Key!;
        var requests = Enumerable.Range(0, Count + 1).Select(_ => new UpgradedRequest()).ToArray();
        await OpenAsync(rig, verified, requests[Count]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var request = 0; request < Count; request++)
        {
            await OpenAsync(rig, verified, requests[request]);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        TestContext.Out.WriteLine($"{bytes} bytes per connection");
        Assert.That(rig.Streams.Find("k")!.Snapshot(), Has.Count.EqualTo(Count + 1));
        Assert.That(bytes, Is.LessThanOrEqualTo(Limit));
        Array.ForEach(requests, request => request.Complete());
        Assert.That(rig.Streams.IsEmpty);
    }

    private static async Task OpenAsync(StreamRig rig, VerifiedApiKey verified, UpgradedRequest request)
    {
        StreamUpgradeFeature.Wrap(request.Context, new OpenStream(verified, [], IPAddress.Loopback, null, request.Context), rig.Monitor);
        await request.Context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
    }

    /// <summary>Represents an upgraded request of a server.</summary>
    private sealed class UpgradedRequest : IHttpUpgradeFeature, IHttpResponseFeature
    {
        private readonly Stack<KeyValuePair<Func<object, Task>, object>> _completed = new(4);

        public UpgradedRequest()
        {
            var features = new FeatureCollection(16);
            features.Set<IHttpUpgradeFeature>(this);
            features.Set<IHttpResponseFeature>(this);
            features.Set<IHttpRequestFeature>(new HttpRequestFeature());
            Context = new DefaultHttpContext(features);
            _ = Context.Response.HasStarted;
        }

        public HttpContext Context { get; }

        public bool IsUpgradableRequest => true;

        public int StatusCode { get; set; }

        public string? ReasonPhrase { get; set; }

        public IHeaderDictionary Headers { get; set; } = null!;

        public Stream Body { get; set; } = Stream.Null;

        public bool HasStarted => true;

        public Task<Stream> UpgradeAsync() => Task.FromResult(Stream.Null);

        public void OnStarting(Func<object, Task> callback, object state)
        {
        }

        public void OnCompleted(Func<object, Task> callback, object state) => _completed.Push(new(callback, state));

        public void Complete()
        {
            foreach (var (callback, state) in _completed)
            {
                _ = callback(state);
            }
        }
    }
}
