using System.Globalization;
using System.Text.Json.Nodes;
using ApiKeyAuth.Http;

namespace ApiKeyAuth.OpenApi;

/// <summary>Provides the examples of error responses, one for each error code that the options of the app allow.</summary>
internal static class ErrorExamples
{
    private const string TraceId = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    public static string GetDescription(string status) => status switch
    {
        "401" => "The API key is missing, invalid or expired.",
        "403" => "The API key is valid and does not permit the request.",
        "429" => "A rate limit is exceeded.",
        _ => "API keys cannot be checked at the moment.",
    };

    /// <summary>Gets the bodies by error code.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Get(string status, ApiKeyErrorOptions errors, bool hasOtherSchemes) =>
        GetCodes(status, errors, hasOtherSchemes).ToDictionary(
            code => code.Code,
            code => CreateBody(int.Parse(status, CultureInfo.InvariantCulture), code.Code, code.Detail),
            StringComparer.Ordinal);

    private static IEnumerable<(string Code, string Detail)> GetCodes(string status, ApiKeyErrorOptions errors, bool hasOtherSchemes) =>
        status switch
        {
            "401" =>
            [
                .. errors.ReportMissingAsInvalid
                    ? Array.Empty<(string, string)>()
                    : [(ApiKeyErrorCodes.MissingApiKey, "No API key was provided")],
                (ApiKeyErrorCodes.InvalidApiKey, "The API key provided is invalid"),
                .. errors.ReportExpiredAsInvalid
                    ? Array.Empty<(string, string)>()
                    : [(ApiKeyErrorCodes.ExpiredApiKey, "API key expired on 2026-01-01T00:00:00Z")],
                .. !hasOtherSchemes || errors.ReportMissingAsInvalid
                    ? Array.Empty<(string, string)>()
                    : [(ApiKeyErrorCodes.MissingCredentials, "No credentials were provided")],
                .. hasOtherSchemes ? [(ApiKeyErrorCodes.InvalidToken, "The token provided is invalid")] : Array.Empty<(string, string)>(),
            ],
            "403" =>
            [
                (ApiKeyErrorCodes.InsufficientScope, "API key lacks required scope: resource:action"),
                (ApiKeyErrorCodes.IpNotAllowed, "The API key may not be used from this network"),
                .. errors.ReportWrongAudienceAsInvalid
                    ? Array.Empty<(string, string)>()
                    : [(ApiKeyErrorCodes.WrongAudience, "The API key is bound to another audience")],
                (ApiKeyErrorCodes.Forbidden, "The caller may not do this"),
            ],
            "429" =>
            [
                (ApiKeyErrorCodes.RateLimitExceeded, "The rate limit of 1000/hour is used up; try again in 30 seconds"),
                (ApiKeyErrorCodes.TooManyFailures, "Too many invalid API keys came from this network; try again in 30 seconds"),
            ],
            _ => [(ApiKeyErrorCodes.KeyStoreUnavailable, "API keys cannot be checked at the moment")],
        };

    private static JsonObject CreateBody(int status, string code, string detail) => new()
    {
        ["type"] = "about:blank",
        ["title"] = GetTitle(status),
        ["status"] = status,
        ["detail"] = detail,
        ["code"] = code,
        ["traceId"] = TraceId,
    };

    private static string GetTitle(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
