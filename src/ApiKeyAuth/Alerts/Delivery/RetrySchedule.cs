using System.Security.Cryptography;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Computes the retries of a failed delivery: ten in about three days, with delays that vary randomly by a fifth.</summary>
internal static class RetrySchedule
{
    private const int MinPercent = 80;
    private const int MaxPercent = 120;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The longest delay, also if a receiver asks for a longer one.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(30);

    /// <summary>Gets the delay after a number of attempts, or <see langword="null"/> if the delivery is given up.</summary>
    public static TimeSpan? GetDelay(int attempts, TimeSpan? retryAfter)
    {
        if (attempts < 1 || attempts > Delays.Length)
        {
            return null;
        }

        var wait = Delays[attempts - 1] * RandomNumberGenerator.GetInt32(MinPercent, MaxPercent + 1) / 100;
        var longer = retryAfter > wait ? retryAfter.Value : wait;
        return longer < MaxDelay ? longer : MaxDelay;
    }
}
