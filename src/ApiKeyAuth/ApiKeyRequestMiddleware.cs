using ApiKeyAuth.Errors;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth;

/// <summary>Outermost: begins the request's notes and, when all others had their say, counts refused keys and writes the refusal, if there is one.</summary>
internal sealed class ApiKeyRequestMiddleware(RequestDelegate next, UsageRecorder usage, RefusedRequests refused, RefusalWriter refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        var notes = RequestNotes.Of(context);
        if (notes.HasRun)
        {
            notes.BeginAgain();
        }

        // An error page often requires no scope; the usage still has to know who acted.
        notes.BeginAuthorization(keepsIdentity: notes.HasRun && context.IsErrorPage());
        usage.Begin(notes);

        // Authentication comes next, and throws through its task alone.
        var request = next(context);
        return request.IsCompletedSuccessfully ? FinishAsync(notes) : AwaitAsync(request, notes);
    }

    private async Task AwaitAsync(Task request, RequestNotes notes)
    {
        try
        {
            await request;
        }
        catch when (Fail(notes))
        {
            throw;
        }

        await FinishAsync(notes);
    }

    private bool Fail(RequestNotes notes)
    {
        notes.EndRun();
        return refused.ChargeFailed(notes);
    }

    private Task FinishAsync(RequestNotes notes)
    {
        if (notes.HasRun)
        {
            Challenges.RemoveDuplicates(notes.Context.Response);
        }

        notes.EndRun();
        var counted = refused.CountAsync(notes);
        return counted.IsCompletedSuccessfully ? refusals.WriteAsync(notes) : FinishAsync(counted, notes);
    }

    private async Task FinishAsync(Task counted, RequestNotes notes)
    {
        await counted;
        await refusals.WriteAsync(notes);
    }
}
