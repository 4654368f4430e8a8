using ApiKeyAuth.Authorization.Resources;
using ApiKeyAuth.Http;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage.Counting;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Startup;

/// <summary>
/// Creates the feature of the request. After the rest of the pipeline it counts rejected keys and writes the error response, if there is
/// one. It is the outermost middleware, so that no later one can replace the response.
/// </summary>
internal sealed class ApiKeyRequestMiddleware(
    RequestDelegate next,
    UsageRecorder usageRecorder,
    FailedAuthenticationLimiter failureLimiter,
    ErrorResponseWriter errorWriter,
    ProtectedResourceMetadata resourceMetadata)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var feature = ApiKeyRequestFeature.GetOrCreate(context);
        if (feature.HasRun)
        {
            feature.BeginRerun();
        }
        else
        {
            resourceMetadata.Attach(context);
        }

        // An error page often requires no scope; the usage still has to know who acted.
        feature.BeginAuthorization(keepsIdentity: feature.HasRun && context.IsErrorPage());
        usageRecorder.Attach(feature);
        try
        {
            await next(context);
        }
        catch when (RecordFailure(feature))
        {
            throw;
        }

        if (feature.HasRun)
        {
            ChallengeHeaders.RemoveDuplicates(context.Response);
        }

        feature.EndRun();
        await failureLimiter.CountAsync(feature);
        await errorWriter.WriteAsync(feature);
    }

    private bool RecordFailure(ApiKeyRequestFeature feature)
    {
        feature.EndRun();
        return failureLimiter.TryRecordFailure(feature);
    }
}
