using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Compares the levels at which metadata was added to an endpoint. Metadata of the endpoint itself replaces that of its group or class.
/// </summary>
internal static class MetadataPrecedence
{
    // Metadata of a group, or of a call for many endpoints. Later metadata is more specific.
    private const int Shared = 0;

    // Conventions and attributes of Razor Pages. Later metadata is more specific.
    private const int Page = 1;

    // From this level on, AllowAnonymous and a scope at the same level contradict each other.
    private const int Class = 2;
    private const int Method = 3;

    /// <summary>
    /// Determines whether <c>AllowAnonymous</c> is more specific than a scope requirement, such as on one endpoint of a group.
    /// </summary>
    public static bool IsAnonymousMoreSpecific(EndpointMetadataCollection metadata, int scopeIndex)
    {
        for (var index = 0; index < metadata.Count; index++)
        {
            if (metadata[index] is IAllowAnonymous
                && IsMoreSpecific((GetLevel(metadata, index), index), (GetLevel(metadata, scopeIndex), scopeIndex)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMoreSpecific((int Level, int Index) anonymous, (int Level, int Index) scope) =>
        anonymous.Level > scope.Level || (anonymous.Level == scope.Level && scope.Level < Class && anonymous.Index > scope.Index);

    private static int GetLevel(EndpointMetadataCollection metadata, int index)
    {
        var item = metadata[index];
        if (item is RequireScopeAttribute { IsOnOneEndpoint: true } or RequireAnyScopeAttribute { IsOnOneEndpoint: true })
        {
            return Method;
        }

        return metadata.GetMetadata<ActionDescriptor>() switch
        {
            ControllerActionDescriptor action => !action.EndpointMetadata.Contains(item) ? Shared
                : IsDeclared(action.MethodInfo, item) ? Method
                : Class,
            { } page => page.EndpointMetadata.Contains(item) ? Page : Shared,
            null when metadata.GetMetadata<HubMetadata>() is { } hub => IsDeclared(hub.HubType, item) ? Method : Shared,
            null => metadata.GetMetadata<MethodInfo>() is { } method && IsDeclared(method, item) ? Method : Shared,
        };
    }

    // Each call creates new attributes. They are equal if their values are equal.
    private static bool IsDeclared(MemberInfo member, object item) =>
        item is Attribute && member.GetCustomAttributes(item.GetType(), inherit: true).Contains(item);
}
