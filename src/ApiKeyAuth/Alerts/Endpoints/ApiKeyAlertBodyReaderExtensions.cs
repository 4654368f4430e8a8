using ApiKeyAuth.Alerts;
using ApiKeyAuth.Management.Endpoints;

namespace Microsoft.AspNetCore.Http;

/// <summary>Reads alert settings from request bodies.</summary>
public static class ApiKeyAlertBodyReaderExtensions
{
    /// <summary>
    /// Reads <c>unusualActivity</c>, <c>highUsage</c> and <c>failures</c>, either as members of the body or all of them inside
    /// <c>alerts</c>.
    /// </summary>
    public static ApiKeyAlertSettings GetAlertSettings(this BodyReader body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body.Contains("alerts") ? body.GetObject("alerts", ReadSettings) ?? new ApiKeyAlertSettings() : ReadSettings(body);
    }

    private static ApiKeyAlertSettings ReadSettings(BodyReader body) => new()
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
