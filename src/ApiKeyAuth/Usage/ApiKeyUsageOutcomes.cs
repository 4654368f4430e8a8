using ApiKeyAuth.Http;

namespace ApiKeyAuth.Usage;

/// <summary>How a counted request ended, beside the codes of <see cref="ApiKeyErrorCodes"/>; they never change.</summary>
public static class ApiKeyUsageOutcomes
{
    /// <summary>It was answered with a status below 400.</summary>
    public const string Success = "success";

    /// <summary>The app answered with a status from 400 to 499, or the caller went away.</summary>
    public const string ClientError = "client_error";

    /// <summary>It was answered with a status of 500 or more.</summary>
    public const string ServerError = "server_error";
}
