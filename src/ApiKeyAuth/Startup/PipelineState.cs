using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth.Startup;

/// <summary>Records how the middleware pipeline was built, for the check at startup.</summary>
internal sealed class PipelineState
{
    private const string AuthorizationPropertyKey = "__AuthorizationMiddlewareSet";
    private const string RoutingPropertyKey = "__EndpointRouteBuilder";
    private static readonly object OwnMarker = new();
    private readonly List<(IDictionary<string, object?> Properties, object? Routing)> _calls = [];

    public bool IsUsed => _calls.Count > 0;

    /// <summary>
    /// Gets a value indicating whether the app calls <c>UseAuthorization()</c> as well. The framework sets the same property for each call.
    /// </summary>
    public bool IsAuthorizationCalledTwice { get; private set; }

    /// <summary>
    /// Gets a value indicating whether <c>UseRouting()</c> is called after <c>UseApiKeyAuth()</c>, which then has no endpoint.
    /// </summary>
    public bool IsRoutingTooLate { get; private set; }

    public void Begin(IApplicationBuilder app)
    {
        // A branch copies the properties of its parent, so a marker of this builder means a second call in the same pipeline.
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

    /// <summary>
    /// Determines whether <c>UseApiKeyAuth()</c> is called in a branch (<c>Map</c>, <c>UseWhen</c>) while the app itself authorizes without
    /// it.
    /// </summary>
    /// <param name="appProperties">The properties of the app's own builder.</param>
    public bool IsInBranchOnly(IDictionary<string, object?> appProperties) =>
        IsUsed && !appProperties.ContainsKey(nameof(PipelineState)) && appProperties.ContainsKey(AuthorizationPropertyKey);

    /// <summary>Detects a later call of <c>UseRouting()</c>, before the framework adds the calls that the app left out.</summary>
    public void DetectLateRouting() => IsRoutingTooLate |= _calls.Exists(call =>
        call.Properties.TryGetValue(RoutingPropertyKey, out var routing) && !ReferenceEquals(routing, call.Routing));

    public void DetectLateAuthorization() => IsAuthorizationCalledTwice |= _calls.Exists(call =>
        !ReferenceEquals(call.Properties[AuthorizationPropertyKey], OwnMarker));
}
