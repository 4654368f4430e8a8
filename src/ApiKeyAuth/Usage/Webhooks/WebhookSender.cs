using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace ApiKeyAuth.Usage;

/// <summary>Sends one request to a webhook: no proxy, no redirect, no cookie, and of the answer the status and Retry-After alone.</summary>
internal sealed class WebhookSender(TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    /// <summary>The longest body, as the specification recommends.</summary>
    public const int MostBytes = 20_000;

    private const int MostHeaderKilobytes = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ApiKeyWebhookOptions, HttpMessageInvoker> _clients = new();

    public async Task<AlertReceipt> SendAsync(
        ApiKeyWebhookOptions webhook, byte[][] secrets, string id, byte[] body, CancellationToken cancellationToken)
    {
        if (body.Length > MostBytes)
        {
            return AlertReceipt.Failed("too_long");
        }

        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = Request(webhook, secrets, id, body);
        try
        {
            // What the receiver writes into its body is not read; to dispose of the answer closes the connection where there is more of it.
            using var response = await Client(webhook).SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? AlertReceipt.Told
                : response.StatusCode == HttpStatusCode.Gone ? AlertReceipt.Gone
                : AlertReceipt.Failed(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException)
        {
            return AlertReceipt.TimedOut;
        }
        catch (Exception exception)
        {
            return AlertReceipt.Failed(Innermost(exception).GetType().Name);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private HttpRequestMessage Request(ApiKeyWebhookOptions webhook, byte[][] secrets, string id, byte[] body)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ApiKeyAuth", "1"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSigner.Sign(secrets, id, timestamp, body));
        return request;
    }

    private HttpMessageInvoker Client(ApiKeyWebhookOptions webhook) =>
        _clients.GetOrAdd(webhook, _ => new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = new WebhookConnection([.. webhook.UnsafeAllowNetworks], resolve).ConnectAsync,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            MaxResponseDrainSize = 0,
        }));

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
