using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage;

/// <summary>Counts a request when its answer begins: its status is final then, and a connection that lasts for hours need not end first.</summary>
/// <remarks>Nobody sees an answer that was not counted. An answer that never began, because the app failed, is counted when the server is done with it.</remarks>
internal sealed class UsageMiddleware(RequestDelegate next, UsageRecorder recorder)
{
    public Task InvokeAsync(HttpContext context)
    {
        // A branch, or an exception handler that runs the app again, brings a request here twice; the recorder on it says that it was here.
        if (recorder.IsOn && !context.Response.HasStarted && context.Features.Get<UsageRecorder>() is null)
        {
            context.Features.Set(recorder);
            context.Response.OnStarting(static context => RecordAsync((HttpContext)context, isAnswered: true), context);
            context.Response.OnCompleted(static context => RecordAsync((HttpContext)context, isAnswered: false), context);
        }

        return next(context);
    }

    private static Task RecordAsync(HttpContext context, bool isAnswered)
    {
        if (context.Features.Get<UsageRecorder>() is { } recorder)
        {
            context.Features.Set<UsageRecorder>(null);
            recorder.Record(context, isAnswered);
        }

        return Task.CompletedTask;
    }
}
