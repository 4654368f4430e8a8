using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires scopes of callers, on endpoints and in policies.</summary>
public static class ScopeEndpointExtensions
{
    /// <summary>Requires one scope.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="scope">The scope, such as <c>agents:read</c>.</param>
    /// <param name="scheme">
    /// The authentication scheme to ask. If it is null and nothing else on the endpoint names a scheme, the app's key schemes and its
    /// default scheme are asked. The default is null.
    /// </param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope, string? scheme = null)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireScopeAttribute(scope) { AuthenticationSchemes = scheme, IsOnOneEndpoint = IsSingleEndpoint(builder) });

    /// <summary>Requires all of several scopes, of one identity.</summary>
    public static TBuilder RequireAllScopes<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireScopeAttribute(scopes) { IsOnOneEndpoint = IsSingleEndpoint(builder) });

    /// <summary>Requires at least one of several scopes.</summary>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireScopeAttribute(scopes) { Any = true, IsOnOneEndpoint = IsSingleEndpoint(builder) });

    /// <summary>Requires all of the scopes in a policy of the host's own.</summary>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder builder, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRequirements(new ScopeRequirement(scopes));
    }

    private static bool IsSingleEndpoint(IEndpointConventionBuilder builder) => builder is RouteHandlerBuilder or IHubEndpointConventionBuilder;
}
