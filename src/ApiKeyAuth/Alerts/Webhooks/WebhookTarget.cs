using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Alerts.Delivery;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>
/// Represents a webhook as a target. With another URL it is another target, so it receives alerts again even if the old one was disabled.
/// </summary>
internal sealed class WebhookTarget(ApiKeyWebhookOptions options, WebhookSender sender) : AlertTarget
{
    private const int DigestLength = 8;

    private readonly byte[][] _secrets = [.. options.Secrets.Select(secret => WebhookSigner.ParseSecret(secret)!)];

    public ApiKeyWebhookOptions Options => options;

    public override bool HasHistory => true;

    public override string Name { get; } =
        $"webhook:{options.Name}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Url)))[..DigestLength]}";

    public override bool Accepts(ApiKeyAlert alert) =>
        (options.TenantId is null || options.TenantId == alert.TenantId)
        && (options.Kinds.Count == 0 || options.Kinds.Contains(alert.Kind));

    public override Task<AlertDeliveryResult> DeliverAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        var type = $"api_key.{alert.Kind}.{(alert.State == ApiKeyAlertState.Firing ? "firing" : "resolved")}";
        var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookBody(type, alert.At, alert), AlertJsonContext.Default.WebhookBody);
        return sender.SendAsync(options, _secrets, alert.Id, body, cancellationToken);
    }
}
