using System.Net;

namespace ApiKeyAuth.Usage;

/// <summary>Represents the options of usage counting and its history.</summary>
public sealed class ApiKeyUsageOptions
{
    /// <summary>Gets or sets a value indicating whether usage is counted. The default is <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Gets or sets the interval at which usage is written to the store: 1 second to 10 minutes. The default is 10 seconds.
    /// </summary>
    /// <remarks>A process that is killed loses the usage since the last flush. A process that stops normally loses nothing.</remarks>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the maximum number of rows (hour, outcome and network of a key) that are held in memory while the store is unavailable:
    /// 1,000 to 10,000,000. The default is 250,000, about 50 MB.
    /// </summary>
    /// <remarks>
    /// Above the maximum, usage that needs a new row is dropped, which is logged and counted by a metric. Existing rows continue to count.
    /// </remarks>
    public int MaxPendingRows { get; set; } = 250_000;

    /// <summary>
    /// Gets or sets the maximum number of networks of a key that are recorded separately in an hour, 0 to 10,000. The default is 100.
    /// </summary>
    /// <remarks>
    /// Other networks are recorded together as <c>other</c>, with at most the same number of countries. With 0, neither is recorded.
    /// </remarks>
    public int MaxNetworksPerKey { get; set; } = 100;

    /// <summary>
    /// Gets or sets the header in which a CDN sends the caller's country, such as <c>CF-IPCountry</c> or <c>CloudFront-Viewer-Country</c>.
    /// The default is <see langword="null"/>, which means none.
    /// </summary>
    /// <remarks>
    /// The header is trusted only if the connection comes from <see cref="CountryProxies"/>, because any other caller could send it.
    /// </remarks>
    public string? CountryHeader { get; set; }

    /// <summary>
    /// Gets the addresses of the CDN, or of the proxy that forwards the CDN's header and removes it from other requests. The default is
    /// empty.
    /// </summary>
    public IList<IPNetwork> CountryProxies { get; } = [];

    /// <summary>
    /// Gets or sets how long the history is kept by hour, 1 to 366 days. Older hours are combined into days. The default is 30 days.
    /// </summary>
    public TimeSpan HourlyRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Gets or sets how long the history is kept by day, from <see cref="HourlyRetention"/> to 3,660 days. The default is 400 days.
    /// </summary>
    public TimeSpan DailyRetention { get; set; } = TimeSpan.FromDays(400);
}
