namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>What a webhook is sent: the form of the Standard Webhooks specification, with the alert as its data.</summary>
internal sealed record WebhookBody(string Type, DateTimeOffset Timestamp, ApiKeyAlert Data);
