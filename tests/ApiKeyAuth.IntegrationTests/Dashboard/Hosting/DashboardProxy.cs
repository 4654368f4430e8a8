using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Dashboard.Hosting;

/// <summary>Represents a reverse proxy with TLS on the same machine, which removes a prefix from the paths.</summary>
internal sealed class DashboardProxy : IAsyncDisposable
{
    public const string Prefix = "/tools";

    private static readonly string[] ConnectionHeaders = ["Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade"];

    private readonly WebApplication _app;
    private readonly HttpClient _target;

    private readonly X509Certificate2 _certificate;

    private DashboardProxy(WebApplication app, HttpClient target, X509Certificate2 certificate) =>
        (_app, _target, _certificate) = (app, target, certificate);

    /// <summary>Gets the URL that a browser opens.</summary>
    public string Url => _app.Urls.First();

    public static async Task<DashboardProxy> StartAsync(string target)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        var certificate = CreateCertificate();
        builder.WebHost.ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var proxy = new DashboardProxy(
            app, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }), certificate);
        app.Map($"{Prefix}/{{**rest}}", context => proxy.ForwardAsync(context, target));
        await app.StartAsync();
        return proxy;
    }

    /// <summary>Creates a client with cookies that does not follow redirects.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        CookieContainer = new(),
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.Thumbprint,
        },
    })
    {
        BaseAddress = new Uri(Url),
    };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _target.Dispose();
        _certificate.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, string target)
    {
        var path = context.Request.GetEncodedPathAndQuery()[Prefix.Length..];
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target + path);
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var header in context.Request.Headers.Where(header => !ConnectionHeaders.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
            }
        }

        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", context.Request.Host.ToUriComponent());
        request.Headers.Add("X-Forwarded-Prefix", Prefix);
        using var response = await _target.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(header => !ConnectionHeaders.Contains(header.Key)))
        {
            context.Response.Headers.Append(header.Key, header.Value.ToArray());
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
