namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Represents a finding about a key, which raises an alert unless one is open.</summary>
/// <param name="Kind">The kind: one of <see cref="ApiKeyAlertKinds"/>.</param>
/// <param name="Discriminator">The text that distinguishes the finding from others of its kind.</param>
/// <param name="ResolvesAt">The time at which it is resolved, unless it is found again.</param>
/// <param name="Message">A sentence without the key's name.</param>
/// <param name="Details">The observed and configured values.</param>
internal sealed record AlertFinding(
    string Kind,
    string Discriminator,
    DateTimeOffset ResolvesAt,
    string Message,
    params IReadOnlyList<(string Name, string Value)> Details);
