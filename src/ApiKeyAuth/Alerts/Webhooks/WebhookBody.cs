namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Represents the body of a webhook request as specified by Standard Webhooks, with the alert as its data.</summary>
internal sealed record WebhookBody(string Type, DateTimeOffset Timestamp, ApiKeyAlert Data);
