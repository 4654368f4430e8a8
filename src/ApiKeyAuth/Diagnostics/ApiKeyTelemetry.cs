using System.Diagnostics;

namespace ApiKeyAuth.Diagnostics;

/// <summary>Defines the names of the library's meter and activity source.</summary>
public static class ApiKeyTelemetry
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "ApiKeyAuth";

    /// <summary>The name of the activity source, for <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "ApiKeyAuth";

    internal static readonly ActivitySource ActivitySource = new(ActivitySourceName);
}
