using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using ApiKeyAuth.Alerts.Delivery;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>
/// Sends a request to a webhook without a proxy, redirects or cookies. Only the status and Retry-After of the response are read.
/// </summary>
internal sealed class WebhookSender(TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    /// <summary>The maximum length of a body, as recommended by the specification.</summary>
    public const int MaxBodyBytes = 20_000;

    private const int MaxResponseHeaderKilobytes = 16;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ApiKeyWebhookOptions, HttpMessageInvoker> _clients = new();

    public async Task<AlertDeliveryResult> SendAsync(
        ApiKeyWebhookOptions webhook, byte[][] secrets, string id, byte[] body, CancellationToken cancellationToken)
    {
        if (body.Length > MaxBodyBytes)
        {
            return AlertDeliveryResult.Failed("too_long");
        }

        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = CreateRequest(webhook, secrets, id, body);
        try
        {
            // The body of the response is not read. If there is more of it, disposing of the response closes the connection.
            using var response = await GetClient(webhook).SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? AlertDeliveryResult.Delivered
                : response.StatusCode == HttpStatusCode.Gone ? AlertDeliveryResult.Gone
                : AlertDeliveryResult.Failed(
                    ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), GetRetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException)
        {
            return AlertDeliveryResult.TimedOut;
        }
        catch (Exception exception)
        {
            return AlertDeliveryResult.Failed(GetInnermost(exception).GetType().Name);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private HttpRequestMessage CreateRequest(ApiKeyWebhookOptions webhook, byte[][] secrets, string id, byte[] body)
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

    private HttpMessageInvoker GetClient(ApiKeyWebhookOptions webhook) =>
        _clients.GetOrAdd(webhook, _ => new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = new WebhookConnector([.. webhook.UnsafeAllowNetworks], resolve).ConnectAsync,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = MaxResponseHeaderKilobytes,
            MaxResponseDrainSize = 0,
        }));

    private TimeSpan? GetRetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);

    private static Exception GetInnermost(Exception exception) => exception.InnerException is { } inner ? GetInnermost(inner) : exception;
}
