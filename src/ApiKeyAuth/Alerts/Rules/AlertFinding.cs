namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Something to tell of a key, if it is not told already.</summary>
/// <param name="Kind">One of <see cref="ApiKeyAlertKinds"/>.</param>
/// <param name="Discriminator">What tells it from others of its kind.</param>
/// <param name="ResolvesAt">When it is over, unless it is found again.</param>
/// <param name="Message">One sentence, without the key's name.</param>
/// <param name="Details">What was seen and what is set.</param>
internal sealed record AlertFinding(string Kind, string Discriminator, DateTimeOffset ResolvesAt, string Message, params IReadOnlyList<(string Name, string Value)> Details);
