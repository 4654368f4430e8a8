using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth;

/// <summary>Checks settings, pipeline and endpoints after they are put together and before the host listens; one exception names all that is wrong.</summary>
internal sealed class WiringCheck(IServiceProvider services, WiringState wiring, ILogger<WiringCheck> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        Throw(SettingProblems());
        next(app);
        Throw(PipelineProblems());
        WarnOfRisks();
    };

    private List<string> SettingProblems()
    {
        var problems = new List<string>();
        if (Try(() => services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value, problems) is not { } options)
        {
            return problems;
        }

        var schemes = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        foreach (var scheme in options.Schemes)
        {
            Try(() => schemes.Get(scheme), problems);
        }

        Try(() => services.GetRequiredService<IOptions<Microsoft.AspNetCore.Authentication.AuthenticationOptions>>().Value, problems);
        Try(() => services.GetService<ConfigurationApiKeyStore>(), problems);
        return problems;
    }

    private List<string> PipelineProblems()
    {
        if (!wiring.IsUsed)
        {
            return ["UseApiKeyAuth() is not called, so no request would be limited and refusals would have no body; call app.UseApiKeyAuth() before the endpoints are mapped."];
        }

        // Start-up is synchronous here, and nothing else runs yet.
        return services.GetService<EndpointDataSource>() is { } source
            ? [.. services.GetRequiredService<EndpointCheck>().FindProblemsAsync(source.Endpoints).GetAwaiter().GetResult(), .. StoreProblems(source.Endpoints)]
            : [];
    }

    private IEnumerable<string> StoreProblems(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<NeedsPolicyMetadata>() is not null)
            && !services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IWritableApiKeyStore))
            ? ["MapApiKeys() needs a store whose keys can be changed; call AddInMemoryStore(), or AddStore<T>() with an IWritableApiKeyStore."]
            : [];

    private void WarnOfRisks()
    {
        wiring.LookAgain();
        if (wiring.IsAuthorizationCalledTwice)
        {
            Log.AuthorizationTwice(logger);
        }

        var options = services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        var schemes = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        foreach (var scheme in options.Schemes.Where(scheme => schemes.Get(scheme).UnsafeQueryParameter is not null))
        {
            Log.QuerySourceOn(logger, scheme);
        }

        using var scope = services.CreateScope();
        var stores = scope.ServiceProvider.GetServices<IApiKeyStore>().ToList();
        if (stores.TrueForAll(store => store is ConfigurationApiKeyStore { Count: 0 }))
        {
            Log.NoStore(logger);
        }
    }

    private static T? Try<T>(Func<T> get, List<string> problems)
        where T : class?
    {
        try
        {
            return get();
        }
        catch (OptionsValidationException exception)
        {
            problems.AddRange(exception.Failures);
        }
        catch (InvalidOperationException exception)
        {
            problems.Add(exception.Message);
        }

        return null;
    }

    private static void Throw(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(
                "API keys are not set up right:" + string.Concat(problems.Distinct().Select(problem => $"{Environment.NewLine}  - {problem}")));
        }
    }
}
