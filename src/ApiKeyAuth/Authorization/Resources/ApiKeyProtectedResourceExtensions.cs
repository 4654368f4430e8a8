using System.Buffers;
using ApiKeyAuth.Authorization.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides an extension method that describes a protected resource to its clients, such as an MCP server.</summary>
public static class ApiKeyProtectedResourceExtensions
{
    private static readonly SearchValues<char> InvalidCharacters = SearchValues.Create("?#{}*\"\\ ");

    /// <summary>
    /// Serves the metadata of a protected resource (RFC 9728) from the scope catalog, and names it in the challenges of all endpoints below
    /// the path, together with the scopes that the endpoint requires.
    /// </summary>
    /// <remarks>
    /// The metadata of <c>/mcp</c> is at <c>/.well-known/oauth-protected-resource/mcp</c>, for anonymous callers. If another handler names
    /// its own metadata in a challenge, such as <c>AddMcp()</c> of the MCP SDK does, that challenge is not changed.
    /// </remarks>
    /// <param name="endpoints">The app.</param>
    /// <param name="path">The path of the resource, such as <c>/mcp</c>. The default is <c>/</c>, which is the whole app.</param>
    /// <param name="configure">A delegate that configures the metadata.</param>
    /// <returns>A builder for the endpoint of the metadata, for example to call <c>RequireCors</c>.</returns>
    /// <exception cref="ArgumentException">The path is invalid, or <paramref name="endpoints"/> is a group of endpoints.</exception>
    /// <exception cref="InvalidOperationException">
    /// <c>AddApiKeyAuth()</c> was not called, or the path was mapped before.
    /// </exception>
    public static IEndpointConventionBuilder MapProtectedResource(
        this IEndpointRouteBuilder endpoints, string path = "/", Action<ProtectedResourceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        if (endpoints is RouteGroupBuilder)
        {
            throw new ArgumentException(
                "Well-known addresses start at the root: call MapProtectedResource() on the app, with the whole path.", nameof(endpoints));
        }

        if (!path.StartsWith('/') || (path.EndsWith('/') && path != "/") || path.AsSpan().ContainsAny(InvalidCharacters))
        {
            throw new ArgumentException("Write a path such as /mcp, without parameters and a slash at its end.", nameof(path));
        }

        var resources = endpoints.ServiceProvider.GetService<ProtectedResources>()
            ?? throw new InvalidOperationException(
                "MapProtectedResource() requires builder.Services.AddApiKeyAuth() before the app is built.");
        var options = new ProtectedResourceOptions();
        configure?.Invoke(options);
        var resource = new ProtectedResource(path == "/" ? default : new PathString(path), options);
        if (!resources.TryAdd(resource))
        {
            throw new InvalidOperationException($"MapProtectedResource(\"{path}\") was called before; call it once for each path.");
        }

        RequestDelegate serve = async context =>
        {
            var metadata = context.RequestServices.GetRequiredService<ProtectedResourceMetadata>();
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.WriteAsJsonAsync(
                await metadata.CreateDocumentAsync(resource, context.Request),
                ProtectedResourceJsonContext.Default.ProtectedResourceDocument,
                cancellationToken: context.RequestAborted);
        };
        return endpoints.MapGet(resource.MetadataPath, serve)
            .WithMetadata(resource)
            .ExcludeFromDescription()
            .AllowAnonymous();
    }
}
