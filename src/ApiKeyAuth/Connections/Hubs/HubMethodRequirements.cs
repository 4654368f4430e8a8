using System.Collections.Concurrent;
using System.Reflection;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Connections.Hubs;

/// <summary>Checks the scope requirements of hub methods against a key that was changed after its connection was opened.</summary>
/// <remarks>SignalR checks them against the principal of the connection, which keeps the scopes at the time of opening.</remarks>
internal sealed class HubMethodRequirements(IAuthorizationPolicyProvider policies)
{
    private readonly ConcurrentDictionary<MethodInfo, ScopeRequirement[]> _requirementsByMethod = new();

    /// <summary>Determines whether a key still meets each requirement of a method that it met when its connection was opened.</summary>
    /// <param name="requirements">The scope requirements of the method.</param>
    /// <param name="opened">The scopes of the key when the connection was opened.</param>
    /// <param name="current">The current scopes of the key.</param>
    public static bool AreMet(ScopeRequirement[] requirements, ScopeSet opened, ScopeSet current) =>
        Array.TrueForAll(requirements, requirement => requirement.IsMetBy(current) || !requirement.IsMetBy(opened));

    /// <summary>Returns the scope requirements of a method.</summary>
    public async ValueTask<ScopeRequirement[]> FindAsync(MethodInfo method) =>
        _requirementsByMethod.TryGetValue(method, out var requirements) ? requirements : await ReadAsync(method);

    private async Task<ScopeRequirement[]> ReadAsync(MethodInfo method)
    {
        IAuthorizeData[] data = [.. method.GetCustomAttributes(inherit: true).OfType<IAuthorizeData>()];
        var policy = data.Length == 0 ? null : await AuthorizationPolicy.CombineAsync(policies, data);
        ScopeRequirement[] requirements = [.. policy?.Requirements.OfType<ScopeRequirement>() ?? []];
        _requirementsByMethod.TryAdd(method, requirements);
        return requirements;
    }
}
