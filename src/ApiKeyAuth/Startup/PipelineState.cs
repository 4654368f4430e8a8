using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth.Startup;

/// <summary>What the pipeline looked like when it was put together, for the check at start.</summary>
internal sealed class PipelineState
{
    private const string AuthorizationPropertyKey = "__AuthorizationMiddlewareSet";
    private const string RoutingPropertyKey = "__EndpointRouteBuilder";
    private static readonly object OwnMarker = new();
    private readonly List<(IDictionary<string, object?> Properties, object? Routing)> _calls = [];

    public bool IsUsed => _calls.Count > 0;

    /// <summary>Whether the host's own <c>UseAuthorization()</c> stands before or after ours: the framework marks each call by the same property.</summary>
    public bool IsAuthorizationCalledTwice { get; private set; }

    /// <summary>Whether <c>UseRouting()</c> was called after <c>UseApiKeyAuth()</c>, which then never sees an endpoint.</summary>
    public bool IsRoutingTooLate { get; private set; }

    public void Begin(IApplicationBuilder app)
    {
        // A branch starts with a copy of its parent's properties, so a mark of this very builder is a second call in one pipeline.
        if (app.Properties.TryGetValue(nameof(PipelineState), out var marked) && ReferenceEquals(marked, app))
        {
            throw new InvalidOperationException("UseApiKeyAuth() is called twice in one pipeline; remove one call.");
        }

        IsAuthorizationCalledTwice |= marked is null && app.Properties.ContainsKey(AuthorizationPropertyKey);
        app.Properties[nameof(PipelineState)] = app;
    }

    public void End(IApplicationBuilder app)
    {
        app.Properties[AuthorizationPropertyKey] = OwnMarker;
        _calls.Add((app.Properties, app.Properties.TryGetValue(RoutingPropertyKey, out var routing) ? routing : null));
    }

    /// <summary>Whether a branch (<c>Map</c>, <c>UseWhen</c>) has the call and the app itself, whose properties are given, authorizes without it.</summary>
    public bool IsInBranchOnly(IDictionary<string, object?> appProperties) =>
        IsUsed && !appProperties.ContainsKey(nameof(PipelineState)) && appProperties.ContainsKey(AuthorizationPropertyKey);

    /// <summary>Looks for a later <c>UseRouting()</c>, after the app's own code ran and before the framework adds what the app left out.</summary>
    public void DetectLateRouting() => IsRoutingTooLate |= _calls.Exists(call => call.Properties.TryGetValue(RoutingPropertyKey, out var routing) && !ReferenceEquals(routing, call.Routing));

    public void DetectLateAuthorization() => IsAuthorizationCalledTwice |= _calls.Exists(call => !ReferenceEquals(call.Properties[AuthorizationPropertyKey], OwnMarker));
}
