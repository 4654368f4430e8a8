using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Holds the protected resources of the app.</summary>
/// <remarks>It needs no settings, because invalid ones are reported after the endpoints are mapped.</remarks>
internal sealed class ProtectedResources
{
    private ProtectedResource[] _resources = [];

    /// <summary>Adds a resource, unless there is one with its path.</summary>
    public bool TryAdd(ProtectedResource resource)
    {
        if (Array.Exists(_resources, each => each.Path == resource.Path))
        {
            return false;
        }

        // The longest path is the most specific one.
        _resources = [.. _resources.Append(resource).OrderByDescending(each => each.Path.Value?.Length ?? 0)];
        return true;
    }

    /// <summary>Finds the resource of a request, or returns null.</summary>
    public ProtectedResource? Find(PathString path)
    {
        foreach (var resource in _resources)
        {
            if (path.StartsWithSegments(resource.Path))
            {
                return resource;
            }
        }

        return null;
    }
}
