using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
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

/// <summary>Checks settings, pipeline and endpoints after they are put together and before the host listens; one exception names all that is wrong.</summary>
internal sealed class StartupValidationFilter(IServiceProvider services, PipelineState pipeline, ILogger<StartupValidationFilter> logger) : IStartupFilter
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

            // What fails here is the app's own, and comes through as it is.
            endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        }
        catch (Exception) when (problems.Count > 0)
        {
            // Wrong settings explain what fails on top of them.
            ThrowIfAny(problems);
        }

        if (!isBuilt)
        {
            // A Startup class puts its pipeline together only here.
            pipeline.DetectLateRouting();
        }

        SettingsCheck.TryGet(() => FindPipelineProblems(endpoints, hasOptions), problems)?.ForEach(problems.Add);
        ThrowIfAny(problems);
        LogWarnings(app);
    };

    /// <summary>Before all else, as forwarded headers later put the caller's address in the place of the CDN's.</summary>
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
            problems.Add("UseApiKeyAuth() is not called, so no request would be limited and refusals would have no body; call app.UseApiKeyAuth() before the endpoints are mapped.");
        }

        if (pipeline.IsRoutingTooLate)
        {
            problems.Add("UseRouting() is called after UseApiKeyAuth(), which then never sees an endpoint; call it before, or leave it out.");
        }

        if (hasOptions)
        {
            // Start-up is synchronous here, and nothing else runs yet.
            problems.AddRange(FindForwardingProblemsAsync().GetAwaiter().GetResult());
            problems.AddRange(services.GetRequiredService<EndpointCheck>().FindProblemsAsync(endpoints).GetAwaiter().GetResult());
            problems.AddRange(FindStoreProblems(endpoints));
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
                problems.Add($"AddBearerForwarding() forwards to the scheme {scheme}, which does not exist; add it, as in AddJwtBearer(), or correct the name.");
            }
        }

        return problems;
    }

    private IEnumerable<string> FindStoreProblems(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<RequiresPolicyMetadata>() is not null)
            && !services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IWritableApiKeyStore))
            ? ["MapApiKeys() needs a store whose keys can be changed; call AddInMemoryStore(), or AddStore<T>() with an IWritableApiKeyStore."]
            : [];

    private IEnumerable<string> FindResultHandlerProblems() =>
        ServiceScopeInvoker.Invoke(services, scope => scope.GetRequiredService<IAuthorizationMiddlewareResultHandler>()) is var handler and not ApiKeyAuthorizationResultHandler
            && services.GetRequiredService<KeySchemeProvider>().HasOtherSchemesAsync().AsTask().GetAwaiter().GetResult()
            ? [$"{handler.GetType().Name} was registered as IAuthorizationMiddlewareResultHandler after AddApiKeyAuth(), which hides what callers of several schemes are told; register it before."]
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
                "API keys are not set up right:" + string.Concat(problems.Distinct().Select(problem => $"{Environment.NewLine}  - {SettingProblems.Mask(problem)}")));
        }
    }
}
