using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Authorization;

/// <summary>Lets in only callers one of whose identities holds the scopes: on controllers, actions, hubs, hub methods and gRPC methods.</summary>
/// <remarks>
/// Several attributes must all be met. <c>AuthenticationSchemes</c> names the schemes to ask. If nothing on the endpoint names a scheme,
/// the app's key schemes and its default scheme are asked.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute : AuthorizeAttribute, IScopeMetadata
{
    private bool _any;

    /// <summary>Requires all of the scopes, or one of them where <see cref="Any"/> is set.</summary>
    /// <exception cref="ArgumentException">No scope is given, or one is no scope.</exception>
    public RequireScopeAttribute(params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        Scopes = ScopeRequirement.Validate(scopes);
        Policy = ScopePolicyName.Format(Scopes, _any);
    }

    /// <summary>The policy that stands for the scopes; another one goes into an <c>[Authorize]</c> beside this attribute.</summary>
    /// <remarks>It hides the settable one: <c>[RequireScope("a", Policy = "b")]</c> would require b alone.</remarks>
    public new string? Policy
    {
        get => base.Policy;
        private set => base.Policy = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>
    /// Gets whether a call for exactly one endpoint added the attribute, so that no other metadata is nearer to the endpoint.
    /// </summary>
    internal bool IsOnOneEndpoint { get; init; }

    /// <summary>Whether one of the scopes is enough; off by default.</summary>
    public bool Any
    {
        get => _any;
        set
        {
            _any = value;
            Policy = ScopePolicyName.Format(Scopes, value);
        }
    }
}
