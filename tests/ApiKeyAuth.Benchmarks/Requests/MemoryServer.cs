using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>A server without sockets: what it costs is a context and the app. Like a connection of Kestrel's it uses its response and its header collections again.</summary>
internal sealed class MemoryServer : IServer
{
    private readonly HeaderDictionary _requestHeaders = [];
    private readonly MemoryResponse _response = new(new HeaderDictionary());
    private readonly MemoryBody _body;
    private Func<string, string?, string?, Task<int>> _process = (_, _, _) => throw new InvalidOperationException("The server was not started.");

    public MemoryServer()
    {
        Features.Set<IServerAddressesFeature>(new ServerAddressesFeature());
        _body = new MemoryBody(_response);
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = (path, header, value) => ProcessAsync(application, path, header, value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }

    /// <summary>Sends a request, and gives the status of its answer.</summary>
    public Task<int> SendAsync(string path, string? header, string? value) => _process(path, header, value);

    private async Task<int> ProcessAsync<TContext>(IHttpApplication<TContext> application, string path, string? header, string? value)
        where TContext : notnull
    {
        _requestHeaders.Clear();
        _response.Reset();
        if (header is not null)
        {
            _requestHeaders[header] = value;
        }

        // With room, and with what every server brings: a collection that grows would be counted as the app's.
        var features = new FeatureCollection(32);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", Path = path, Protocol = "HTTP/1.1", Scheme = "http", Headers = _requestHeaders });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback });
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature());
        features.Set<IHttpResponseFeature>(_response);
        features.Set<IHttpResponseBodyFeature>(_body);
        var context = application.CreateContext(features);
        try
        {
            await application.ProcessRequestAsync(context);
            await _response.StartAsync();
            await _response.CompleteAsync();
        }
        finally
        {
            application.DisposeContext(context, exception: null);
        }

        return _response.StatusCode;
    }
}
