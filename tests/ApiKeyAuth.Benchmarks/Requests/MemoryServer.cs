using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>
/// Represents a server without sockets, so that only the context and the app are measured. Like a connection of Kestrel, it reuses its
/// response and header collections.
/// </summary>
internal sealed class MemoryServer : IServer
{
    private readonly HeaderDictionary _requestHeaders = [];
    private readonly MemoryResponse _response = new(new HeaderDictionary());
    private readonly MemoryBody _body;
    private Func<string, string?, string?, Task<int>> _process =
        (_, _, _) => throw new InvalidOperationException("The server was not started.");

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

    /// <summary>Sends a request.</summary>
    /// <returns>The status of the response.</returns>
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

        // With enough capacity and the features of any server, because growing the collection would count as the app's allocation.
        var features = new FeatureCollection(32);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = "GET",
            Path = path,
            Protocol = "HTTP/1.1",
            Scheme = "http",
            Headers = _requestHeaders,
        });
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
