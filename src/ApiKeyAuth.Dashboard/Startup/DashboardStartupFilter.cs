using ApiKeyAuth.Authentication;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Startup;

/// <summary>Checks before the host listens that no dashboard is public.</summary>
internal sealed class DashboardStartupFilter(IServiceProvider services) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        string[] problems =
        [
            .. (services.GetService<EndpointDataSource>()?.Endpoints ?? []).SelectMany(FindProblems).Distinct(StringComparer.Ordinal),
        ];
        if (problems.Length > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        }
    };

    private IEnumerable<string> FindProblems(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<DashboardMetadata>() is not { } dashboard)
        {
            yield break;
        }

        var call = $"MapApiKeyDashboard(\"{dashboard.Pattern}\")";
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            yield return $"{call} allows anonymous callers, so anyone could manage API keys; remove AllowAnonymous() from it or its group.";
        }
        else if (!HasPolicy(endpoint))
        {
            yield return $"{call} has no authorization policy, so anyone could manage API keys; call RequireAuthorization() on it. A "
                + "fallback policy does not count.";
        }

        var available = services.GetRequiredService<IServiceProviderIsService>();
        if (!available.IsService(typeof(IWritableApiKeyStore)))
        {
            yield return $"{call} requires a writable store; call AddInMemoryStore(), or AddStore<T>() with an IWritableApiKeyStore.";
        }

        if (dashboard.Options.SelfService && !available.IsService(typeof(IApiKeyOwnerPermissions)))
        {
            yield return $"{call} sets SelfService, but the app does not support personal keys; register an IApiKeyOwnerPermissions.";
        }
    }

    private static bool HasPolicy(Endpoint endpoint) =>
        endpoint.Metadata.Any(item => item is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData);
}
