using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints by which keys are managed.</summary>
public static class ApiKeyEndpointRouteBuilderExtensions
{
    private const string DefaultPrefix = "/api-keys";

    /// <summary>Maps the endpoints by which keys are made, read, changed, rotated, ended and verified.</summary>
    /// <remarks>
    /// They need a policy, or the host does not start: <c>RequireKeyScopes()</c>, or one of the host's own by part, as in
    /// <c>keys.Read.RequireAuthorization("settings:r")</c>. What a caller may do there is bounded by what he holds.
    /// </remarks>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">Where they start.</param>
    /// <exception cref="InvalidOperationException"><c>AddApiKeyAuth()</c> was not called.</exception>
    public static ApiKeyEndpoints MapApiKeys(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string prefix = DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(LeakReportEndpoint)) != true)
        {
            throw new InvalidOperationException("MapApiKeys() needs builder.Services.AddApiKeyAuth() before the app is built.");
        }

        // Names are unique in an app, which may map the endpoints in several places.
        string Name(string operation) => prefix == DefaultPrefix ? operation : $"{operation} {prefix}";
        var all = endpoints.MapGroup(prefix).WithTags("API keys");
        var read = Part(all, "Read");
        var write = Part(all, "Write");
        var verify = Part(all, "Verify");
        ReadEndpoints.Map(read, Name);
        WriteEndpoints.Map(write, Name);
        VerifyEndpoint.Map(verify, Name);
        LeakReportEndpoint.Map(all, Name);
        return new ApiKeyEndpoints(all, read, write, verify, Name);
    }

    private static RouteGroupBuilder Part(RouteGroupBuilder all, string name) =>
        all.MapGroup("").WithMetadata(new RequiresPolicyMetadata($"MapApiKeys().{name}"));
}
