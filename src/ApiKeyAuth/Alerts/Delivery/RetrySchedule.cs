using System.Security.Cryptography;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>When an alert that could not be told is tried again: ten times over some three days, each wait a fifth longer or shorter by chance.</summary>
internal static class RetrySchedule
{
    private const int MinPercent = 80;
    private const int MaxPercent = 120;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The longest wait there is, also where a receiver asks for a longer one.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(30);

    /// <summary>The wait after a number of attempts, or null where it is given up.</summary>
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
