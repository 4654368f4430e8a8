using ApiKeyAuth.Management.Endpoints;

namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Reads alert settings from request bodies.</summary>
internal static class AlertBodies
{
    public static ApiKeyAlertSettings ReadSettings(BodyReader body) => new()
    {
        UnusualActivity = body.GetBoolean("unusualActivity") ?? false,
        HighUsage = body.GetObject("highUsage", ReadThreshold),
        Failures = body.GetObject("failures", ReadThreshold),
    };

    private static ApiKeyAlertThreshold ReadThreshold(BodyReader body)
    {
        var threshold = body.GetInt64("threshold", 1, long.MaxValue);
        if (threshold is null)
        {
            body.AddProblem("threshold", "is missing");
        }

        var period = body.GetString("period") switch
        {
            "hourly" => ApiKeyAlertPeriod.Hourly,
            "daily" => ApiKeyAlertPeriod.Daily,
            _ => (ApiKeyAlertPeriod?)null,
        };
        if (period is null)
        {
            body.AddProblem("period", "must be hourly or daily");
        }

        return new ApiKeyAlertThreshold { Threshold = threshold ?? 1, Period = period ?? default };
    }
}
