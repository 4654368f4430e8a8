using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth;

/// <summary>What the pipeline looked like when it was put together, for the check at start.</summary>
internal sealed class WiringState
{
    private const string AuthorizationMark = "__AuthorizationMiddlewareSet";
    private const string RoutingMark = "__EndpointRouteBuilder";
    private static readonly object Ours = new();
    private readonly List<(IDictionary<string, object?> Properties, object? Routing)> _calls = [];

    public bool IsUsed => _calls.Count > 0;

    /// <summary>Whether the host's own <c>UseAuthorization()</c> stands before or after ours: the framework marks each call by the same property.</summary>
    public bool IsAuthorizationCalledTwice { get; private set; }

    /// <summary>Whether <c>UseRouting()</c> was called after <c>UseApiKeyAuth()</c>, which then never sees an endpoint.</summary>
    public bool IsRoutingAfter { get; private set; }

    public void Begin(IApplicationBuilder app)
    {
        // A branch starts with a copy of its parent's properties, so a mark of this very builder is a second call in one pipeline.
        if (app.Properties.TryGetValue(nameof(WiringState), out var marked) && ReferenceEquals(marked, app))
        {
            throw new InvalidOperationException("UseApiKeyAuth() is called twice in one pipeline; remove one call.");
        }

        IsAuthorizationCalledTwice |= marked is null && app.Properties.ContainsKey(AuthorizationMark);
        app.Properties[nameof(WiringState)] = app;
    }

    public void End(IApplicationBuilder app)
    {
        app.Properties[AuthorizationMark] = Ours;
        _calls.Add((app.Properties, app.Properties.TryGetValue(RoutingMark, out var routing) ? routing : null));
    }

    /// <summary>Whether a branch (<c>Map</c>, <c>UseWhen</c>) has the call and the app itself, whose properties are given, authorizes without it.</summary>
    public bool IsInBranchOnly(IDictionary<string, object?> app) =>
        IsUsed && !app.ContainsKey(nameof(WiringState)) && app.ContainsKey(AuthorizationMark);

    /// <summary>Looks for a later <c>UseRouting()</c>, after the app's own code ran and before the framework adds what the app left out.</summary>
    public void LookAtRouting() => IsRoutingAfter |= _calls.Exists(call => call.Properties.TryGetValue(RoutingMark, out var routing) && !ReferenceEquals(routing, call.Routing));

    public void LookAgain() => IsAuthorizationCalledTwice |= _calls.Exists(call => !ReferenceEquals(call.Properties[AuthorizationMark], Ours));
}
