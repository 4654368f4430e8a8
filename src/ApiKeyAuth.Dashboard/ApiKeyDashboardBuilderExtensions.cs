using ApiKeyAuth;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Startup;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides the extension method that adds the services of the dashboard.</summary>
public static class ApiKeyDashboardBuilderExtensions
{
    /// <summary>Adds the services of the dashboard. Map its pages with <c>MapApiKeyDashboard()</c>.</summary>
    /// <remarks>
    /// The pages use the antiforgery and data protection services of the app. On several nodes, the nodes must share their data protection
    /// keys, as for the app's own forms.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    public static ApiKeyAuthBuilder AddDashboard(this ApiKeyAuthBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDataProtection();
        builder.Services.AddRazorComponents();
        builder.Services.TryAddScoped<DashboardRequest>();
        builder.Services.TryAddSingleton<SecretCookie>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, DashboardStartupFilter>());
        return builder;
    }
}
