using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.LeakReports;
using ApiKeyAuth.Management.Leaks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides an extension method that maps the endpoint for signed reports of leaked keys.</summary>
public static class ApiKeyLeakReportEndpointExtensions
{
    private const string DefaultPattern = "/leaks";

    /// <summary>Maps the endpoint that receives leaked keys from a secret scanner, in the format of GitHub's partner program.</summary>
    /// <remarks>
    /// <para>A report is only accepted if it is signed with one of <see cref="ApiKeyLeakReportOptions.PublicKeys"/>. It needs no other
    /// credentials. Without public keys, the host does not start.</para>
    /// <para>The response states for each secret whether it is one of a key. The key is handled as configured for its environment in the
    /// section <c>LeakReports</c> of the settings; an alert is raised in every case, or logged as a warning in an app without
    /// alerts.</para>
    /// </remarks>
    /// <param name="endpoints">The endpoint route builder.</param>
    /// <param name="pattern">The path of the endpoint. The default is <c>/leaks</c>.</param>
    /// <exception cref="InvalidOperationException"><c>AddApiKeyAuth()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapApiKeyLeakReports(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = DefaultPattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(SignedLeakReportEndpoint)) != true)
        {
            throw new InvalidOperationException(
                "MapApiKeyLeakReports() requires builder.Services.AddApiKeyAuth() before the app is built.");
        }

        const string Operation = "ReportLeakedApiKeys";
        return endpoints.MapPost(
                pattern,
                (HttpContext context, SignedLeakReportEndpoint reports, ApiKeyManager manager) => reports.HandleAsync(context, manager))
            .Describe(
                pattern == DefaultPattern ? Operation : $"{Operation} {pattern}",
                "Receives a signed report of leaked secrets. The response states for each secret whether it is one of a key.")
            .WithTags("API keys")
            .AcceptsBody<LeakReportDocument[]>().Produces<LeakLabelDocument[]>().ProducesErrors(400, 403, 429)
            .WithMetadata(new LeakReportMetadata())
            .AllowAnonymous();
    }
}
