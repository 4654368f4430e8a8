using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides extension methods that require scopes, on endpoints and in policies.</summary>
public static class ScopeEndpointExtensions
{
    /// <summary>Requires that one identity of the caller holds all of the scopes.</summary>
    /// <remarks>
    /// If nothing on the endpoint names an authentication scheme, the app's key schemes and its default scheme authenticate the caller. To
    /// select other schemes, call <c>RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "…" })</c> on the endpoint or
    /// its group.
    /// </remarks>
    /// <param name="builder">The endpoint, or a group of endpoints.</param>
    /// <param name="scopes">The scopes, such as <c>agents:read</c>.</param>
    /// <exception cref="ArgumentException">The list of scopes is empty, or one of the scopes is not valid.</exception>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireScopeAttribute(scopes) { IsOnOneEndpoint = IsSingleEndpoint(builder) });

    /// <summary>Requires that one identity of the caller holds at least one of the scopes.</summary>
    /// <param name="builder">The endpoint, or a group of endpoints.</param>
    /// <param name="scopes">The scopes, such as <c>agents:read</c>.</param>
    /// <exception cref="ArgumentException">The list of scopes is empty, or one of the scopes is not valid.</exception>
    /// <inheritdoc cref="RequireScope{TBuilder}" path="/remarks"/>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireAnyScopeAttribute(scopes) { IsOnOneEndpoint = IsSingleEndpoint(builder) });

    /// <summary>Requires that one identity of the caller holds all of the scopes.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes, such as <c>agents:read</c>.</param>
    /// <exception cref="ArgumentException">The list of scopes is empty, or one of the scopes is not valid.</exception>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder builder, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRequirements(new ScopeRequirement(scopes));
    }

    /// <summary>Requires that one identity of the caller holds at least one of the scopes.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes, such as <c>agents:read</c>.</param>
    /// <exception cref="ArgumentException">The list of scopes is empty, or one of the scopes is not valid.</exception>
    public static AuthorizationPolicyBuilder RequireAnyScope(this AuthorizationPolicyBuilder builder, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRequirements(new ScopeRequirement(scopes, any: true));
    }

    private static bool IsSingleEndpoint(IEndpointConventionBuilder builder) =>
        builder is RouteHandlerBuilder or IHubEndpointConventionBuilder;
}
