using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Reads the settings of alerts from bodies.</summary>
internal static class AlertBodies
{
    public static ApiKeyAlertSettings Settings(BodyReader body) => new()
    {
        UnusualActivity = body.Flag("unusualActivity") ?? false,
        HighUsage = body.Section("highUsage", Threshold),
        Failures = body.Section("failures", Threshold),
    };

    private static ApiKeyAlertThreshold Threshold(BodyReader body)
    {
        var threshold = body.Number("threshold", 1, long.MaxValue);
        if (threshold is null)
        {
            body.Problem("threshold", "is missing");
        }

        var period = body.Text("period") switch
        {
            "hourly" => ApiKeyAlertPeriod.Hourly,
            "daily" => ApiKeyAlertPeriod.Daily,
            _ => (ApiKeyAlertPeriod?)null,
        };
        if (period is null)
        {
            body.Problem("period", "is neither hourly nor daily");
        }

        return new ApiKeyAlertThreshold { Threshold = threshold ?? 1, Period = period ?? default };
    }
}
