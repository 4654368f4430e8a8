using ApiKeyAuth;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Connections;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Startup;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds API keys to an app.</summary>
public static class ApiKeyAuthServiceCollectionExtensions
{
    /// <summary>Adds API keys, set up by a section of the configuration.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="section">The section, such as <c>builder.Configuration.GetSection("ApiKeyAuth")</c>.</param>
    /// <param name="configure">Sets up more in code, after the section.</param>
    /// <exception cref="InvalidOperationException">API keys were added before.</exception>
    public static ApiKeyAuthBuilder AddApiKeyAuth(
        this IServiceCollection services, IConfigurationSection section, Action<ApiKeyAuthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        ThrowIfAdded(services);
        services.AddSingleton(provider => new SettingsSource(section, new SectionProviders(section, provider.GetServices<IConfiguration>())));
        services.AddSingleton(provider => new ApiKeyAuthOptionsSetup(
            section, provider.GetRequiredService<SettingsSource>().Providers,
            provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AlertEvaluator))));
        services.AddSingleton<IConfigureOptions<ApiKeyAuthOptions>>(provider => provider.GetRequiredService<ApiKeyAuthOptionsSetup>());
        services.AddSingleton<IConfigureOptions<ApiKeySchemeOptions>>(provider => provider.GetRequiredService<ApiKeyAuthOptionsSetup>());
        services.AddSingleton(provider => CreateConfigurationStore(provider, provider.GetRequiredService<ApiKeyAuthOptionsSetup>()));
        services.AddSingleton<IApiKeyStore>(provider => provider.GetRequiredService<ConfigurationApiKeyStore>());
        return AddCore(services, configure);
    }

    /// <summary>Adds API keys with the defaults.</summary>
    /// <exception cref="InvalidOperationException">API keys were added before.</exception>
    public static ApiKeyAuthBuilder AddApiKeyAuth(this IServiceCollection services)
    {
        ThrowIfAdded(services);
        return AddCore(services, configure: null);
    }

    /// <summary>Adds API keys, set up in code.</summary>
    /// <exception cref="InvalidOperationException">API keys were added before.</exception>
    public static ApiKeyAuthBuilder AddApiKeyAuth(this IServiceCollection services, Action<ApiKeyAuthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ThrowIfAdded(services);
        return AddCore(services, configure);
    }

    private static ApiKeyAuthBuilder AddCore(IServiceCollection services, Action<ApiKeyAuthOptions>? configure)
    {
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddSingleton<IValidateOptions<ApiKeyAuthOptions>, ApiKeyAuthOptionsValidator>();
        services.AddSingleton<PipelineState>();
        services.AddSingleton<SettingsCheck>();
        services.AddSingleton<EndpointCheck>();
        services.AddSingleton<IStartupFilter, StartupValidationFilter>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<ApiKeyMetrics>();
        AddKeys(services);
        AddStores(services);
        AddAuthentication(services);
        AddAuthorization(services);
        AddRateLimiting(services);
        services.AddSingleton(provider => GetOptions(provider).Usage);
        UsageRegistration.Add(services);
        StreamRegistration.Add(services, provider =>
        {
            var counter = provider.GetRequiredService<UsageCounter>();
            return (verified, outcome, address) => counter.Count(verified, outcome, address);
        }, provider =>
        {
            // The connection may have been opened long ago, so this counts as a use of now.
            var counter = provider.GetRequiredService<UsageCounter>();
            return (verified, scope) => counter.RecordUse(verified, scope, at: 0);
        });
        services.AddSingleton(provider => GetOptions(provider).Management);
        services.AddSingleton(provider => new VerificationSchemeSelector(() => GetOptions(provider).Schemes[0]));
        ManagementRegistration.Add(services);
        services.AddHostedService<StoreWarmUp>();
        if (ApiKeyBuildTime.IsActive)
        {
            // All of them need the stores, the backplane or other servers.
            var ours = typeof(ApiKeyBuildTime).Assembly;
            foreach (var hosted in services.Where(added => added.ServiceType == typeof(IHostedService) && added.ImplementationType?.Assembly == ours).ToList())
            {
                services.Remove(hosted);
            }
        }

        return new ApiKeyAuthBuilder(services);
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton(provider => new ApiKeyFormats(GetOptions(provider).Format, GetOptions(provider).AcceptedFormats));
        services.AddSingleton(provider => new ApiKeyHasher(GetOptions(provider).Peppers, GetOptions(provider).AcceptUnpepperedHashes));
        services.AddSingleton(provider => new ScopeCatalog(GetOptions(provider).Scopes));
    }

    private static void AddStores(IServiceCollection services)
    {
        services.AddSingleton(provider => GetOptions(provider).Cache);
        services.AddSingleton(provider => GetOptions(provider).Backplane);
        BackplaneRegistration.Add(services);
        services.AddSingleton<ApiKeyLoader>();
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<IApiKeyCache>(provider => provider.GetRequiredService<ApiKeyCache>());
    }

    private static void AddAuthentication(IServiceCollection services)
    {
        // Not AddAuthentication(): it would write data-protection keys to the home folder, which no API key needs.
        services.AddAuthenticationCore();
        services.AddSingleton(provider => GetOptions(provider).Errors);
        services.AddSingleton<ErrorResponseWriter>();
        services.AddSingleton<CredentialReader>();
        services.AddSingleton<CredentialConflict>();
        services.AddSingleton<ApiKeyVerifier>();
        services.AddSingleton<ResponseCachingDetector>();
        services.AddSingleton<IPostConfigureOptions<ResponseCachingOptions>>(provider => provider.GetRequiredService<ResponseCachingDetector>());
        services.AddSingleton<IConfigureOptions<OutputCacheOptions>>(provider => new OutputCacheSetup(
            () => GetOptions(provider).Schemes, provider.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>()));
        services.AddSingleton<OwnerPermissionEvaluator>();
        services.AddSingleton(CreateHandlerServices);
        services.AddTransient<ApiKeyHandler>();
        services.AddSingleton<IPostConfigureOptions<AuthenticationOptions>>(
            provider => new SchemeRegistration(() => GetOptions(provider).SchemesPath, () => GetOptions(provider).Schemes));
        services.AddSingleton<IPostConfigureOptions<ApiKeySchemeOptions>, ApiKeyPostConfigureOptions>();
        services.AddSingleton<IValidateOptions<ApiKeySchemeOptions>>(provider =>
            new ApiKeySchemeOptionsValidator(GetOptions(provider).SchemesPath, provider.GetRequiredService<ApiKeyFormats>().GetEnvironments()));
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(
            provider => new QueryLogFilter(() => HasQuerySource(provider)));
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<ScopeRequirementHandler>();
        services.AddSingleton<IAuthorizationHandler>(provider => provider.GetRequiredService<ScopeRequirementHandler>());
        services.AddSingleton<KeySchemeProvider>();
        services.AddSingleton<EndpointPolicyProvider>();
        services.AddSingleton<SkippedScopeCheck>();
        services.AddSingleton<UnreachableScopeCheck>();
        ResultHandlerRegistration.Add(services);
        var host = services.Last(descriptor => descriptor.ServiceType == typeof(IAuthorizationPolicyProvider));
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationPolicyProvider>(
            provider => new ScopePolicyProvider(CreateHostPolicyProvider(provider, host))));
    }

    private static void AddRateLimiting(IServiceCollection services)
    {
        services.AddSingleton(provider => GetOptions(provider).RateLimiting);
        services.AddSingleton<RateLimitResolver>();
        services.AddSingleton<EndpointCosts>();
        services.AddSingleton<RateLimitHeaderWriter>();
        services.AddSingleton<FailedAuthenticationLimiter>();
        services.TryAddSingleton<IApiKeyRateLimiter, InMemoryRateLimiter>();
    }

    private static IAuthorizationPolicyProvider CreateHostPolicyProvider(IServiceProvider provider, ServiceDescriptor host) =>
        host.ImplementationInstance as IAuthorizationPolicyProvider
        ?? host.ImplementationFactory?.Invoke(provider) as IAuthorizationPolicyProvider
        ?? (IAuthorizationPolicyProvider)ActivatorUtilities.CreateInstance(provider, host.ImplementationType!);

    private static ConfigurationApiKeyStore CreateConfigurationStore(IServiceProvider provider, ApiKeyAuthOptionsSetup settings)
    {
        var isDevelopment = provider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        var store = ActivatorUtilities.CreateInstance<ConfigurationApiKeyStore>(
            provider, settings.KeysSection, settings.Providers, () => new ConfiguredKeyReader(
            provider.GetRequiredService<ApiKeyFormats>(), provider.GetRequiredService<ApiKeyHasher>(),
            provider.GetRequiredService<ScopeCatalog>(), isDevelopment));
        store.Changed += provider.GetRequiredService<IApiKeyCache>().InvalidateAll;
        return store;
    }

    private static ApiKeyHandlerServices CreateHandlerServices(IServiceProvider provider) =>
        new(provider.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>(), provider.GetRequiredService<ILogger<ApiKeyHandler>>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<CredentialReader>(), provider.GetRequiredService<ApiKeyVerifier>(), provider.GetRequiredService<OwnerPermissionEvaluator>(),
            provider.GetRequiredService<ApiKeyErrorOptions>(), provider.GetRequiredService<ApiKeyMetrics>(),
            ServiceScopeInvoker.Invoke(provider, scope => scope.GetService<IClaimsTransformation>() is not (null or NoopClaimsTransformation)),
            provider.GetRequiredService<ResponseCachingDetector>(),
            provider.GetService<IHostEnvironment>() is { } host && host.IsDevelopment() ? LogLevel.Information : LogLevel.Debug);

    private static bool HasQuerySource(IServiceProvider provider)
    {
        try
        {
            var schemes = provider.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
            return GetOptions(provider).Schemes.Any(scheme => schemes.Get(scheme).UnsafeQueryParameter is not null);
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            // The log is set up before the check at start, which reports what is wrong; until then nothing is served.
            // Or the app's own setup of the options needs the log, and the two go round in a circle: hide more rather than less.
            return true;
        }
    }

    private static ApiKeyAuthOptions GetOptions(IServiceProvider provider) => provider.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;

    private static void ThrowIfAdded(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(descriptor => descriptor.ServiceType == typeof(PipelineState)))
        {
            throw new InvalidOperationException("AddApiKeyAuth() was called before; call it once, and AddScheme() for every further scheme.");
        }
    }
}
