using ApiKeyAuth.Http;

namespace ApiKeyAuth.Usage;

/// <summary>
/// Defines the outcomes of counted requests, in addition to the codes of <see cref="ApiKeyErrorCodes"/>. They do not change.
/// </summary>
public static class ApiKeyUsageOutcomes
{
    /// <summary>The response had a status below 400.</summary>
    public const string Success = "success";

    /// <summary>The app responded with a status from 400 to 499, or the caller disconnected.</summary>
    public const string ClientError = "client_error";

    /// <summary>The response had a status of 500 or higher.</summary>
    public const string ServerError = "server_error";
}
