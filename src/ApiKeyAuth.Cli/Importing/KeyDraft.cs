using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Represents a key as a source describes it, before the rules of the app are applied.</summary>
/// <param name="position">Where the key is in the file, such as <c>line 3</c>.</param>
internal sealed class KeyDraft(string position)
{
    public string Position { get; } = position;

    public string? Id { get; set; }

    public string? Name { get; set; }

    public string? Kind { get; set; }

    public string? Environment { get; set; }

    public string? TenantId { get; set; }

    public string? OwnerId { get; set; }

    /// <summary>Gets or sets the scopes; null if the source has none.</summary>
    public IReadOnlyList<string>? Scopes { get; set; }

    public List<RateLimit> RateLimits { get; } = [];

    public IReadOnlyList<string> Networks { get; set; } = [];

    public IReadOnlyList<string> Audiences { get; set; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public bool Enabled { get; set; } = true;

    public ApiKeyExpiry? ExpiresAt { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public int? ExpiresAfterIdleDays { get; set; }

    /// <summary>Gets the secrets in plain text.</summary>
    public List<string> Secrets { get; } = [];

    /// <summary>Gets the hashes of secrets whose plain text the source does not have.</summary>
    public List<string> Hashes { get; } = [];

    public string? HashAlgorithm { get; set; }

    /// <summary>Gets or sets the start of a key whose plain text the source does not have.</summary>
    public string? Prefix { get; set; }

    public string? Hint { get; set; }

    /// <summary>Gets why the key cannot be imported, without a value of the file, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets or sets why the key is left out without a fault, or null.</summary>
    public string? SkipReason { get; set; }

    /// <summary>Sets the problem, of which the first one is kept.</summary>
    public void Fail(string problem) => Problem ??= problem;

    public void AddMetadata(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Metadata[name] = value;
        }
    }

    /// <summary>Adds a limit. A limit that cannot be represented is a problem, because leaving it out would give more rights.</summary>
    public void AddLimit(string field, long? permits, TimeSpan window)
    {
        if (permits is not { } count)
        {
            return;
        }

        if (count is < 1 or > RateLimit.MaxPermits || window < TimeSpan.FromSeconds(1) || window > TimeSpan.FromDays(366)
            || window.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            Fail($"{field} is not a limit that the app can have: at least 1 request in 1 second to 366 days, in whole seconds");
        }
        else if (RateLimits.Exists(limit => limit.Window == window))
        {
            Fail($"{field} is a second limit for the same time");
        }
        else
        {
            RateLimits.Add(new RateLimit(count, window));
        }
    }
}
