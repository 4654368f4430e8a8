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
    RequestDelegate next, UsageRecorder usageRecorder, FailedAuthenticationLimiter failureLimiter, ErrorResponseWriter errorWriter)
{
    public Task InvokeAsync(HttpContext context)
    {
        var notes = ApiKeyRequestFeature.GetOrCreate(context);
        if (notes.HasRun)
        {
            notes.BeginRerun();
        }

        // An error page often requires no scope; the usage still has to know who acted.
        notes.BeginAuthorization(keepsIdentity: notes.HasRun && context.IsErrorPage());
        usageRecorder.Attach(notes);

        // Authentication comes next, and throws through its task alone.
        var request = next(context);
        return request.IsCompletedSuccessfully ? FinishAsync(notes) : AwaitAsync(request, notes);
    }

    private async Task AwaitAsync(Task request, ApiKeyRequestFeature feature)
    {
        try
        {
            await request;
        }
        catch when (RecordFailure(feature))
        {
            throw;
        }

        await FinishAsync(feature);
    }

    private bool RecordFailure(ApiKeyRequestFeature feature)
    {
        feature.EndRun();
        return failureLimiter.TryRecordFailure(feature);
    }

    private Task FinishAsync(ApiKeyRequestFeature feature)
    {
        if (feature.HasRun)
        {
            ChallengeHeaders.RemoveDuplicates(feature.Context.Response);
        }

        feature.EndRun();
        var counted = failureLimiter.CountAsync(feature);
        return counted.IsCompletedSuccessfully ? errorWriter.WriteAsync(feature) : FinishAsync(counted, feature);
    }

    private async Task FinishAsync(Task counted, ApiKeyRequestFeature feature)
    {
        await counted;
        await errorWriter.WriteAsync(feature);
    }
}
