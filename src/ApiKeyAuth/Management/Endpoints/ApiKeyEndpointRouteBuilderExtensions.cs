using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Self;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides extension methods that map the management endpoints.</summary>
public static class ApiKeyEndpointRouteBuilderExtensions
{
    private const string DefaultPrefix = "/api-keys";

    /// <summary>Maps the endpoints that create, read, change, rotate, revoke, delete and verify keys.</summary>
    /// <remarks>
    /// The endpoints need an authorization policy, or the host does not start: call <c>RequireKeyScopes()</c> on the result, or set a
    /// policy for each group, such as <c>keys.Read.RequireAuthorization("settings:r")</c>. Callers cannot grant rights that they do not
    /// have.
    /// </remarks>
    /// <param name="endpoints">The endpoint route builder.</param>
    /// <param name="prefix">The path of the endpoints. The default is <c>/api-keys</c>.</param>
    /// <exception cref="InvalidOperationException"><c>AddApiKeyAuth()</c> was not called.</exception>
    public static ApiKeyEndpoints MapApiKeys(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string prefix = DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(LeakReportEndpoint)) != true)
        {
            throw new InvalidOperationException("MapApiKeys() requires builder.Services.AddApiKeyAuth() before the app is built.");
        }

        // Endpoint names must be unique, and an app may map the endpoints several times.
        string Name(string operation) => prefix == DefaultPrefix ? operation : $"{operation} {prefix}";
        var all = endpoints.MapGroup(prefix).WithTags("API keys");
        var read = MapGroup(all, "Read");
        var write = MapGroup(all, "Write");
        var verify = MapGroup(all, "Verify");
        ReadEndpoints.Map(read, Name);
        WriteEndpoints.Map(write, Name);
        VerifyEndpoint.Map(verify, Name);
        LeakReportEndpoint.Map(all, Name);
        var self = all.MapGroup("");
        OwnKeyEndpoint.Map(self, Name);
        return new ApiKeyEndpoints(all, read, write, verify, self, Name);
    }

    private static RouteGroupBuilder MapGroup(RouteGroupBuilder all, string name) =>
        all.MapGroup("").WithMetadata(new RequiresPolicyMetadata($"MapApiKeys().{name}"));
}
