using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>How refusals read.</summary>
public sealed class ApiKeyErrorOptions
{
    /// <summary>Whether an expired key reads like an invalid one (off by default).</summary>
    public bool ReportExpiredAsInvalid { get; set; }

    /// <summary>Whether a key of another audience reads like an invalid one, status 401 included (off by default).</summary>
    public bool ReportWrongAudienceAsInvalid { get; set; }

    /// <summary>Whether a request without a key reads like one with an invalid key (off by default); its challenge still holds no <c>error</c>, as RFC 6750 §3.1 asks.</summary>
    /// <remarks>
    /// It covers <c>missing_credentials</c> too, the code for the same request at an endpoint that accepts another scheme as well.
    /// </remarks>
    public bool ReportMissingAsInvalid { get; set; }

    /// <summary>Writes the body of every refusal in the app's own shape, or null for <c>application/problem+json</c> (RFC 9457).</summary>
    /// <remarks>Status and headers are set before it runs. What it throws reaches the host; the request stays refused.</remarks>
    public Func<HttpContext, ApiKeyError, Task>? WriteBody { get; set; }

    /// <summary>Folds a refusal as the options say.</summary>
    internal ApiKeyError GetReportedError(ApiKeyError error) => error.Code switch
    {
        ApiKeyErrorCodes.ExpiredApiKey when ReportExpiredAsInvalid => ApiKeyError.Invalid,
        ApiKeyErrorCodes.WrongAudience when ReportWrongAudienceAsInvalid => ApiKeyError.Invalid,
        ApiKeyErrorCodes.MissingApiKey or ApiKeyErrorCodes.MissingCredentials when ReportMissingAsInvalid => ApiKeyError.Invalid,
        _ => error,
    };
}
