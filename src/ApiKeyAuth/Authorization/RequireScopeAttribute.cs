using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Authorization;

/// <summary>
/// Requires that one identity of the caller holds all of the scopes: on controllers, actions, hubs, hub methods and gRPC methods.
/// </summary>
/// <remarks>
/// If there are several such attributes, one identity must meet them all. <c>AuthenticationSchemes</c> names the schemes that authenticate
/// the caller. If nothing on the endpoint names a scheme, these are the app's key schemes and its default scheme.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute : AuthorizeAttribute, IScopeMetadata
{
    /// <summary>Initializes an attribute that requires all of the scopes.</summary>
    /// <param name="scopes">The scopes, such as <c>agents:read</c>.</param>
    /// <exception cref="ArgumentException">The list of scopes is empty, or one of the scopes is not valid.</exception>
    public RequireScopeAttribute(params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        Scopes = ScopeRequirement.Validate(scopes);
        base.Policy = ScopePolicyName.Format(Scopes, any: false);
    }

    /// <summary>Gets the name of the policy that requires the scopes.</summary>
    /// <remarks>
    /// This hides the settable property, because <c>[RequireScope("a", Policy = "b")]</c> would require only the policy b. To require
    /// another policy, add an <c>[Authorize]</c>.
    /// </remarks>
    public new string? Policy => base.Policy;

    /// <inheritdoc/>
    public IReadOnlyList<string> Scopes { get; }

    bool IScopeMetadata.Any => false;

    /// <summary>
    /// Gets a value indicating whether the attribute was added by a call for exactly one endpoint, so that no other metadata is more
    /// specific.
    /// </summary>
    internal bool IsOnOneEndpoint { get; init; }
}
