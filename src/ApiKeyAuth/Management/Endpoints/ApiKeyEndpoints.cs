using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Represents the mapped endpoints and adds conventions to all of them. Each group needs an authorization policy.</summary>
public sealed class ApiKeyEndpoints : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _all;

    internal ApiKeyEndpoints(
        IEndpointConventionBuilder all,
        IEndpointConventionBuilder read,
        IEndpointConventionBuilder write,
        IEndpointConventionBuilder verify)
    {
        _all = all;
        Read = read;
        Write = write;
        Verify = verify;
    }

    /// <summary>Gets the endpoints that read: list, get, usage and audit.</summary>
    public IEndpointConventionBuilder Read { get; }

    /// <summary>Gets the endpoints that create, change, revoke and delete keys.</summary>
    public IEndpointConventionBuilder Write { get; }

    /// <summary>Gets the endpoint that verifies keys remotely.</summary>
    public IEndpointConventionBuilder Verify { get; }

    /// <summary>Requires the scopes <c>keys:read</c>, <c>keys:write</c> and <c>keys:verify</c> for the respective endpoints.</summary>
    /// <param name="scheme">The authentication scheme, or null for the default.</param>
    public ApiKeyEndpoints RequireKeyScopes(string? scheme = null)
    {
        Read.RequireScope("keys:read", scheme);
        Write.RequireScope("keys:write", scheme);
        Verify.RequireScope("keys:verify", scheme);
        return this;
    }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _all.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _all.Finally(finallyConvention);
}
