using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Endpoints;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints of alert settings.</summary>
public static class ApiKeyAlertEndpointExtensions
{
    /// <summary>
    /// Maps <c>/alerts</c> and <c>/{id}/alerts</c> below the prefix of <c>MapApiKeys()</c>, with its policies: those of
    /// <see cref="ApiKeyEndpoints.Read"/> for GET, those of <see cref="ApiKeyEndpoints.Write"/> for PUT and DELETE.
    /// </summary>
    /// <returns>The endpoints.</returns>
    /// <exception cref="InvalidOperationException"><c>AddAlerts()</c> was not called.</exception>
    public static ApiKeyEndpoints MapAlerts(this ApiKeyEndpoints endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = ((IEndpointRouteBuilder)endpoints.ReadGroup).ServiceProvider.GetService<IServiceProviderIsService>();
        if (services?.IsService(typeof(ApiKeyAlertSettingsService)) != true)
        {
            throw new InvalidOperationException("MapAlerts() needs AddAlerts() after AddApiKeyAuth(), before the app is built.");
        }

        AlertEndpoints.MapRead(endpoints.ReadGroup, endpoints.GetOperationName);
        AlertEndpoints.MapWrite(endpoints.WriteGroup, endpoints.GetOperationName);
        return endpoints;
    }
}
