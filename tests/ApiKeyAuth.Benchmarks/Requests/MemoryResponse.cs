using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Represents a response that invokes callbacks when it starts and completes, which the base class does not.</summary>
internal sealed class MemoryResponse(IHeaderDictionary headers) : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Call, object State)> _starting = new();
    private readonly Stack<(Func<object, Task> Call, object State)> _completed = new();
    private bool _hasStarted;

    public override bool HasStarted => _hasStarted;

    /// <summary>Resets the response for the next request, as a connection does.</summary>
    public void Reset()
    {
        _hasStarted = false;
        _starting.Clear();
        _completed.Clear();
        headers.Clear();
        Headers = headers;
        StatusCode = StatusCodes.Status200OK;
    }

    public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

    /// <summary>Starts the response if it has not started.</summary>
    public async Task StartAsync()
    {
        if (_hasStarted)
        {
            return;
        }

        while (_starting.TryPop(out var callback))
        {
            await callback.Call(callback.State);
        }

        _hasStarted = true;
    }

    public async Task CompleteAsync()
    {
        while (_completed.TryPop(out var callback))
        {
            await callback.Call(callback.State);
        }
    }
}
