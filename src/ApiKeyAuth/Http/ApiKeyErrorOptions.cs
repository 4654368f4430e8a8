using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Provides the options of error responses.</summary>
public sealed class ApiKeyErrorOptions
{
    /// <summary>Gets or sets a value indicating whether an expired key is reported as invalid. The default is false.</summary>
    public bool ReportExpiredAsInvalid { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether a key that is bound to another audience is reported as invalid, with status 401. The default
    /// is false.
    /// </summary>
    public bool ReportWrongAudienceAsInvalid { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether a request without a key is reported like a request with an invalid key. The default is
    /// false.
    /// </summary>
    /// <remarks>
    /// This also applies to <c>missing_credentials</c>, which is the code for such a request if the endpoint accepts another scheme too.
    /// The challenge still does not contain an <c>error</c>, as RFC 6750 §3.1 requires.
    /// </remarks>
    public bool ReportMissingAsInvalid { get; set; }

    /// <summary>
    /// Gets or sets the URL of a page that describes the error codes. The <c>type</c> of an error is then this URL with the code as its
    /// fragment (RFC 9457 §3.1.1). The default is null, which means <c>about:blank</c>.
    /// </summary>
    public string? DocumentationUrl { get; set; }

    /// <summary>
    /// Gets or sets the delegate that writes the body of error responses. The default is null, which writes
    /// <c>application/problem+json</c> (RFC 9457).
    /// </summary>
    /// <remarks>
    /// By default, the body is written through <see cref="IProblemDetailsService"/> if the app called <c>AddProblemDetails()</c>, so its
    /// <c>CustomizeProblemDetails</c> applies. The status and the headers are set before the body is written. If the delegate or the
    /// service throws, the exception is passed to the host, and the request remains rejected.
    /// </remarks>
    public Func<HttpContext, ApiKeyError, Task>? WriteBody { get; set; }

    /// <summary>Returns the error to report in place of the specified one, as the options require.</summary>
    internal ApiKeyError GetReportedError(ApiKeyError error) => error.Code switch
    {
        ApiKeyErrorCodes.ExpiredApiKey when ReportExpiredAsInvalid => ApiKeyError.Invalid,
        ApiKeyErrorCodes.WrongAudience when ReportWrongAudienceAsInvalid => ApiKeyError.Invalid,
        ApiKeyErrorCodes.MissingApiKey or ApiKeyErrorCodes.MissingCredentials when ReportMissingAsInvalid => ApiKeyError.Invalid,
        _ => error,
    };
}
