using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Compares where an endpoint's metadata stands: what is nearer to the endpoint is meant to replace what a group or class says.
/// </summary>
internal static class MetadataPrecedence
{
    // A group or a call for many endpoints; what comes later is nearer.
    private const int Shared = 0;

    // Conventions and attributes of Razor Pages, likewise.
    private const int Page = 1;

    // From here on, two at one place contradict each other.
    private const int Class = 2;
    private const int Method = 3;

    /// <summary>
    /// Returns whether <c>AllowAnonymous</c> is nearer to the endpoint than what requires a scope, such as on one endpoint of a group.
    /// </summary>
    public static bool IsAnonymousMoreSpecific(EndpointMetadataCollection metadata, int scopeIndex)
    {
        for (var index = 0; index < metadata.Count; index++)
        {
            if (metadata[index] is IAllowAnonymous && IsMoreSpecific((GetLevel(metadata, index), index), (GetLevel(metadata, scopeIndex), scopeIndex)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMoreSpecific((int Place, int Index) anonymous, (int Place, int Index) scope) =>
        anonymous.Place > scope.Place || (anonymous.Place == scope.Place && scope.Place < Class && anonymous.Index > scope.Index);

    private static int GetLevel(EndpointMetadataCollection metadata, int index)
    {
        var item = metadata[index];
        if (item is RequireScopeAttribute { IsOnOneEndpoint: true } or RequireAnyScopeAttribute { IsOnOneEndpoint: true })
        {
            return Method;
        }

        return metadata.GetMetadata<ActionDescriptor>() switch
        {
            ControllerActionDescriptor action => !action.EndpointMetadata.Contains(item) ? Shared : IsDeclared(action.MethodInfo, item) ? Method : Class,
            { } page => page.EndpointMetadata.Contains(item) ? Page : Shared,
            null when metadata.GetMetadata<HubMetadata>() is { } hub => IsDeclared(hub.HubType, item) ? Method : Shared,
            null => metadata.GetMetadata<MethodInfo>() is { } method && IsDeclared(method, item) ? Method : Shared,
        };
    }

    // Each call makes new attributes; they are equal if all they hold is equal.
    private static bool IsDeclared(MemberInfo member, object item) =>
        item is Attribute && member.GetCustomAttributes(item.GetType(), inherit: true).Contains(item);
}
