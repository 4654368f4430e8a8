using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Provides options for signed reports of leaked keys.</summary>
public sealed class ApiKeyLeakReportOptions
{
    /// <summary>
    /// Gets the public keys that reports may be signed with, by their identifiers: ECDSA on the curve P-256, as PEM. The default is empty.
    /// </summary>
    /// <remarks>Remove a key when the reporter no longer uses it, because a report that names another identifier is rejected.</remarks>
    public IDictionary<string, string> PublicKeys { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets or sets what happens to a leaked key of an environment that is not in <see cref="Environments"/>. The default is
    /// <see cref="ApiKeyLeakAction.Revoke"/>.
    /// </summary>
    public ApiKeyLeakAction Action { get; set; } = ApiKeyLeakAction.Revoke;

    /// <summary>Gets what happens to a leaked key, by its environment. The default is empty.</summary>
    public IDictionary<string, ApiKeyLeakAction> Environments { get; } = new Dictionary<string, ApiKeyLeakAction>(StringComparer.Ordinal);

    /// <summary>
    /// Gets or sets how long a leaked secret stays valid after its key was rotated, from 0 to 30 days. The default is 1 hour.
    /// </summary>
    public TimeSpan RotationGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the limit of reports from one network, accepted or not. The default is 60 per minute.</summary>
    public RateLimit Limit { get; set; } = new RateLimit(60, TimeSpan.FromMinutes(1));
}
