using System.ComponentModel.DataAnnotations;

namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Represents the threshold of an alert in a request or a response.</summary>
internal sealed record ApiKeyAlertThresholdDocument
{
    private const string Hourly = "hourly";
    private const string Daily = "daily";

    // Values that no threshold has, so that a missing or unknown member is reported with the invalid ones.
    private const long NoThreshold = 0;
    private const ApiKeyAlertPeriod NoPeriod = (ApiKeyAlertPeriod)(-1);

    [Required]
    public long? Threshold { get; init; }

    [Required]
    public string? Period { get; init; }

    public static ApiKeyAlertThresholdDocument? Create(ApiKeyAlertThreshold? threshold) => threshold is null ? null : new()
    {
        Threshold = threshold.Threshold,
        Period = threshold.Period == ApiKeyAlertPeriod.Daily ? Daily : Hourly,
    };

    public ApiKeyAlertThreshold ToThreshold() => new()
    {
        Threshold = Threshold ?? NoThreshold,
        Period = Period switch
        {
            Hourly => ApiKeyAlertPeriod.Hourly,
            Daily => ApiKeyAlertPeriod.Daily,
            _ => NoPeriod,
        },
    };
}
