using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Represents the mapped endpoints and adds conventions to all of them. Each group needs an authorization policy.</summary>
public sealed class ApiKeyEndpoints : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _all;

    internal ApiKeyEndpoints(
        RouteGroupBuilder all,
        RouteGroupBuilder read,
        RouteGroupBuilder write,
        RouteGroupBuilder verify,
        RouteGroupBuilder self,
        Func<string, string> getOperationName)
    {
        _all = all;
        ReadGroup = read;
        WriteGroup = write;
        Verify = verify;
        Self = self;
        GetOperationName = getOperationName;
    }

    /// <summary>Gets the endpoints that read: list, get, usage and audit.</summary>
    public IEndpointConventionBuilder Read => ReadGroup;

    /// <summary>Gets the endpoints that create, change, revoke and delete keys.</summary>
    public IEndpointConventionBuilder Write => WriteGroup;

    /// <summary>Gets the endpoint that verifies keys remotely.</summary>
    public IEndpointConventionBuilder Verify { get; }

    /// <summary>Gets the endpoint that returns the key of the caller. It accepts every key, and no other credentials.</summary>
    public IEndpointConventionBuilder Self { get; }

    /// <summary>Gets the group of <see cref="Read"/>, for features that add endpoints of their own.</summary>
    internal RouteGroupBuilder ReadGroup { get; }

    /// <summary>Gets the group of <see cref="Write"/>.</summary>
    internal RouteGroupBuilder WriteGroup { get; }

    /// <summary>Gets the function that makes the name of an endpoint unique in the app.</summary>
    internal Func<string, string> GetOperationName { get; }

    /// <summary>Requires the scopes <c>keys:read</c>, <c>keys:write</c> and <c>keys:verify</c> for the respective endpoints.</summary>
    /// <param name="scheme">The authentication scheme, or null for the default.</param>
    public ApiKeyEndpoints RequireKeyScopes(string? scheme = null)
    {
        Read.RequireAuthorization(new RequireScopeAttribute("keys:read") { AuthenticationSchemes = scheme });
        Write.RequireAuthorization(new RequireScopeAttribute("keys:write") { AuthenticationSchemes = scheme });
        Verify.RequireAuthorization(new RequireScopeAttribute("keys:verify") { AuthenticationSchemes = scheme });
        if (scheme is not null)
        {
            Self.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme });
        }

        return this;
    }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _all.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _all.Finally(finallyConvention);
}
