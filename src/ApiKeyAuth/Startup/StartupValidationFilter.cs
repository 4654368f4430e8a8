using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Resources;
using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.LeakReports;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Usage.Countries;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Checks the settings, the pipeline and the endpoints before the host listens. One exception reports all problems.</summary>
internal sealed class StartupValidationFilter(
    IServiceProvider services, PipelineState pipeline, ILogger<StartupValidationFilter> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var (problems, hasOptions) = services.GetRequiredService<SettingsCheck>().FindProblems();
        var isBuilt = pipeline.IsUsed;
        pipeline.DetectLateRouting();
        AddCountryMiddleware(app, hasOptions);
        IReadOnlyList<Endpoint> endpoints = [];
        try
        {
            next(app);

            // An exception here is the app's own and is not wrapped.
            endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        }
        catch (Exception) when (problems.Count > 0)
        {
            // The exception is probably a consequence of the invalid settings.
            ThrowIfAny(problems);
        }

        if (!isBuilt)
        {
            // An app with a Startup class builds its pipeline in next(app).
            pipeline.DetectLateRouting();
        }

        SettingsCheck.TryGet(() => FindPipelineProblems(endpoints, hasOptions), problems)?.ForEach(problems.Add);
        ThrowIfAny(problems);
        LogWarnings(app);
    };

    /// <summary>Adds the middleware first, because forwarded headers replace the address of the CDN with that of the caller.</summary>
    private void AddCountryMiddleware(IApplicationBuilder app, bool hasOptions)
    {
        if (hasOptions && services.GetRequiredService<HeaderGeoResolver>() is { IsEnabled: true } countries)
        {
            app.Use(request => context =>
            {
                countries.ReadHeader(context);
                return request(context);
            });
        }
    }

    private List<string> FindPipelineProblems(IReadOnlyList<Endpoint> endpoints, bool hasOptions)
    {
        var problems = new List<string>();
        if (!pipeline.IsUsed)
        {
            problems.Add(
                "UseApiKeyAuth() is not called, so requests would not be rate limited and error responses would have no body; "
                + "call app.UseApiKeyAuth() before the endpoints are mapped.");
        }

        if (pipeline.IsRoutingTooLate)
        {
            problems.Add(
                "UseRouting() is called after UseApiKeyAuth(), which therefore never has an endpoint; call it before, or remove it.");
        }

        if (hasOptions)
        {
            // Startup is synchronous here, and nothing else runs yet.
            problems.AddRange(FindForwardingProblemsAsync().GetAwaiter().GetResult());
            problems.AddRange(services.GetRequiredService<EndpointCheck>().FindProblemsAsync(endpoints).GetAwaiter().GetResult());
            problems.AddRange(FindStoreProblems(endpoints));
            problems.AddRange(services.GetRequiredService<LeakReportCheck>().FindProblems(endpoints));
            problems.AddRange(ProtectedResourceCheck.FindProblems(endpoints, services.GetRequiredService<ScopeCatalog>()));
            problems.AddRange(FindResultHandlerProblems());
        }

        return problems;
    }

    private async Task<List<string>> FindForwardingProblemsAsync()
    {
        var problems = new List<string>();
        var schemes = services.GetRequiredService<IAuthenticationSchemeProvider>();
        foreach (var scheme in services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.ForwardedSchemes)
        {
            if (await schemes.GetSchemeAsync(scheme) is null)
            {
                problems.Add(
                    $"AddBearerForwarding() forwards to the scheme {scheme}, which does not exist; add it, as in AddJwtBearer(), "
                    + "or correct the name.");
            }
        }

        return problems;
    }

    private IEnumerable<string> FindStoreProblems(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<RequiresPolicyMetadata>() is not null)
            && !services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IWritableApiKeyStore))
            ? ["MapApiKeys() requires a writable store; call AddInMemoryStore(), or AddStore<T>() with an IWritableApiKeyStore."]
            : [];

    private IEnumerable<string> FindResultHandlerProblems() =>
        ServiceScopeInvoker.Invoke(services, scope => scope.GetRequiredService<IAuthorizationMiddlewareResultHandler>())
            is var handler and not ApiKeyAuthorizationResultHandler
            && services.GetRequiredService<KeySchemeProvider>().HasOtherSchemesAsync().AsTask().GetAwaiter().GetResult()
            ?
            [
                $"{handler.GetType().Name} was registered as IAuthorizationMiddlewareResultHandler after AddApiKeyAuth(), "
                + "which disables the error responses for several schemes; register it before AddApiKeyAuth().",
            ]
            : [];

    private void LogWarnings(IApplicationBuilder app)
    {
        pipeline.DetectLateAuthorization();
        if (pipeline.IsAuthorizationCalledTwice)
        {
            Log.DuplicateUseAuthorization(logger);
        }

        if (pipeline.IsInBranchOnly(app.Properties))
        {
            Log.UsedInBranchOnly(logger);
        }

        var options = services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        var schemes = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        foreach (var scheme in options.Schemes.Where(scheme => schemes.Get(scheme).UnsafeQueryParameter is not null))
        {
            Log.QuerySourceEnabled(logger, scheme);
        }

        if (!ServiceScopeInvoker.Invoke(services, HasStore))
        {
            Log.NoStore(logger);
        }
    }

    private static bool HasStore(IServiceProvider scope) =>
        scope.GetServices<IApiKeyStore>().Any(store => store is not ConfigurationApiKeyStore { Count: 0 });

    private static void ThrowIfAny(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(
                "ApiKeyAuth is not configured correctly:"
                + string.Concat(problems.Distinct().Select(problem => $"{Environment.NewLine}  - {SettingProblems.Mask(problem)}")));
        }
    }
}
