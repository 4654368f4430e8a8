using ApiKeyAuth.Dashboard;
using ApiKeyAuth.Dashboard.Endpoints;
using ApiKeyAuth.Dashboard.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides the extension method that maps the pages of the dashboard.</summary>
public static class ApiKeyDashboardEndpointRouteBuilderExtensions
{
    /// <summary>Maps the pages of the dashboard.</summary>
    /// <remarks>
    /// The app does not start unless the pages require authorization: call <c>RequireAuthorization()</c> on the result. A fallback policy
    /// does not count.
    /// </remarks>
    /// <param name="endpoints">The endpoints of the app.</param>
    /// <param name="pattern">The route pattern of the pages, such as <c>/settings/api-keys</c>.</param>
    /// <param name="configure">A delegate that configures the dashboard, or null for the defaults.</param>
    /// <returns>A builder that adds conventions to all endpoints of the dashboard.</returns>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    /// <exception cref="InvalidOperationException">The services of the dashboard were not added.</exception>
    public static IEndpointConventionBuilder MapApiKeyDashboard(
        this IEndpointRouteBuilder endpoints, string pattern, Action<ApiKeyDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (!endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(DashboardRequest)))
        {
            throw new InvalidOperationException(
                "MapApiKeyDashboard() requires its services; call AddApiKeyAuth(…).AddDashboard() where the services are added.");
        }

        var options = new ApiKeyDashboardOptions();
        configure?.Invoke(options);
        DashboardOptionsRules.Check(options);
        return DashboardEndpoints.Map(endpoints.MapGroup(pattern), pattern, options).ExcludeFromDescription();
    }
}
