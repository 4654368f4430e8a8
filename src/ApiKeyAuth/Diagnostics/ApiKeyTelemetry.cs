using System.Diagnostics;

namespace ApiKeyAuth.Diagnostics;

/// <summary>The names under which the library reports: one meter and one activity source, both <c>ApiKeyAuth</c>.</summary>
public static class ApiKeyTelemetry
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "ApiKeyAuth";

    /// <summary>The name of the activity source, for <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "ApiKeyAuth";

    internal static readonly ActivitySource ActivitySource = new(ActivitySourceName);
}
