using System.Net;

namespace ApiKeyAuth.Usage;

/// <summary>Whether and how the uses of keys are counted and kept.</summary>
public sealed class ApiKeyUsageOptions
{
    /// <summary>Whether uses are counted at all; true by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often what was counted goes to the store: 1 second to 10 minutes, 10 seconds by default.</summary>
    /// <remarks>A process that is killed loses what it counted since; one that is asked to stop loses nothing.</remarks>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many rows (a key's hour, outcome and network each) wait in memory while the store is down: 1,000 to 10,000,000; 250,000 by default, some 50 MB.</summary>
    /// <remarks>Past it, uses that need a row of their own are dropped, which a metric counts and the log tells; rows that are there go on counting.</remarks>
    public int MaxPendingRows { get; set; } = 250_000;

    /// <summary>Gets or sets how many networks of a key, each with its country, are kept apart in an hour. The default is 100.</summary>
    /// <remarks>0 to 10,000. The rest count as one, <c>other</c>, with at most as many countries. With 0, neither is kept.</remarks>
    public int MaxNetworksPerKey { get; set; } = 100;

    /// <summary>The header in which a CDN tells the caller's country, such as <c>CF-IPCountry</c> or <c>CloudFront-Viewer-Country</c>; null, the default, for none.</summary>
    /// <remarks>It is believed only where the connection itself comes from <see cref="CountryProxies"/>; anybody else could write it.</remarks>
    public string? CountryHeader { get; set; }

    /// <summary>The addresses of the CDN, or of the proxy that passes its header on and takes it from nobody else.</summary>
    public IList<IPNetwork> CountryProxies { get; } = [];

    /// <summary>How long the history is kept by the hour, 1 to 366 days; 30 days by default. Then hours become days.</summary>
    public TimeSpan HourlyRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the history is kept by the day, at least as long as by the hour and at most 3,660 days; 400 days by default.</summary>
    public TimeSpan DailyRetention { get; set; } = TimeSpan.FromDays(400);
}
