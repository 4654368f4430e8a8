using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Resources;
using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Connections;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Registers the services that every app with API keys needs.</summary>
internal static class CoreRegistration
{
    /// <summary>Registers the services, unless they are registered already.</summary>
    public static void TryAdd(IServiceCollection services)
    {
        if (services.Any(descriptor => descriptor.ServiceType == typeof(PipelineState)))
        {
            return;
        }

        services.AddSingleton<PipelineState>();
        services.AddSingleton<SettingsCheck>();
        services.AddSingleton<EndpointCheck>();
        services.AddSingleton<IStartupFilter, StartupValidationFilter>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<ApiKeyMetrics>();
        OptionsRegistration.Add(services);
        AddKeys(services);
        AddStores(services);
        AddAuthentication(services);
        AddAuthorization(services);
        AddRateLimiting(services);
        UsageRegistration.Add(services);
        StreamRegistration.Add(services, GetStreamEndCounter, GetScopeUseRecorder);
        services.AddSingleton(provider => new VerificationSchemeSelector(() => GetOptions(provider).Schemes[0]));
        ManagementRegistration.Add(services);
        services.AddHostedService<StoreWarmUp>();
        if (ApiKeyBuildTime.IsActive)
        {
            // All of them need the stores, the backplane or other servers.
            var assembly = typeof(ApiKeyBuildTime).Assembly;
            foreach (var hosted in services
                .Where(added => added.ServiceType == typeof(IHostedService) && added.ImplementationType?.Assembly == assembly).ToList())
            {
                services.Remove(hosted);
            }
        }
    }

    private static Action<VerifiedApiKey, string, IPAddress?> GetStreamEndCounter(IServiceProvider provider)
    {
        var counter = provider.GetRequiredService<UsageCounter>();
        return (verified, outcome, address) => counter.Count(verified, outcome, address, isAccepted: false);
    }

    private static Action<VerifiedApiKey, string> GetScopeUseRecorder(IServiceProvider provider)
    {
        // The connection may have been opened long ago, so this counts as a use of now.
        var counter = provider.GetRequiredService<UsageCounter>();
        return (verified, scope) => counter.RecordUse(verified, scope, at: 0);
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton(provider => new ApiKeyFormats(GetOptions(provider).Format, GetOptions(provider).AcceptedFormats));
        services.AddSingleton(provider => new ApiKeyHasher(
            GetOptions(provider).Peppers, GetOptions(provider).AcceptUnpepperedHashes, GetOptions(provider).HashAlgorithms));
        services.AddSingleton(provider => new ScopeCatalog(GetOptions(provider).Scopes));
    }

    private static void AddStores(IServiceCollection services)
    {
        BackplaneRegistration.Add(services);
        services.AddSingleton<HashUpgradeQueue>();
        services.AddSingleton<SaltedKeyLoader>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ApiKeyLoader>(
            provider, (Func<string, DateTimeOffset?>)provider.GetRequiredService<UsageCounter>().FindLastUse));
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<IApiKeyCache>(provider => provider.GetRequiredService<ApiKeyCache>());
    }

    private static void AddAuthentication(IServiceCollection services)
    {
        // AddAuthentication() would also add data protection, which writes keys to the home folder and is not needed here.
        services.AddAuthenticationCore();
        services.AddSingleton<ErrorResponseWriter>();
        services.AddSingleton<CredentialReader>();
        services.AddSingleton<CredentialConflict>();
        services.AddSingleton<ApiKeyVerifier>();
        services.AddSingleton<ResponseCachingDetector>();
        services.AddSingleton<IPostConfigureOptions<ResponseCachingOptions>>(
            provider => provider.GetRequiredService<ResponseCachingDetector>());
        services.AddSingleton<IConfigureOptions<OutputCacheOptions>>(provider => new OutputCacheSetup(
            () => GetOptions(provider).Schemes, provider.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>()));
        services.AddSingleton<OwnerPermissionEvaluator>();
        services.AddSingleton(CreateHandlerServices);
        services.AddTransient<ApiKeyHandler>();
        services.AddSingleton<IPostConfigureOptions<AuthenticationOptions>>(
            provider => new SchemeRegistration(
                ApiKeySchemeOptionsSetup.GetPath(provider.GetService<SettingsSource>()),
                () => ApiKeyAuthOptionsSetup.GetEvenIfInvalid(provider).Schemes));
        services.AddSingleton<IPostConfigureOptions<ApiKeySchemeOptions>, ApiKeyPostConfigureOptions>();
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
        services.AddSingleton<ProtectedResources>();
        services.AddSingleton<ProtectedResourceMetadata>();
        services.AddSingleton(provider => new ApiKeyEndpointAccessProvider(
            provider.GetRequiredService<EndpointPolicyProvider>(),
            provider.GetRequiredService<KeySchemeProvider>(),
            provider.GetRequiredService<IOptions<ForwardingSchemes>>()));
        services.AddSingleton<SkippedScopeCheck>();
        services.AddSingleton<UnreachableScopeCheck>();
        ResultHandlerRegistration.Add(services);
        var host = services.Last(descriptor => descriptor.ServiceType == typeof(IAuthorizationPolicyProvider));
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationPolicyProvider>(
            provider => new ScopePolicyProvider(CreateHostPolicyProvider(provider, host))));
    }

    private static void AddRateLimiting(IServiceCollection services)
    {
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

    private static ApiKeyHandlerServices CreateHandlerServices(IServiceProvider provider)
    {
        var isDevelopment = provider.GetService<IHostEnvironment>()?.IsDevelopment() == true;
        return new ApiKeyHandlerServices(
            provider.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>(),
            provider.GetRequiredService<ILogger<ApiKeyHandler>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<CredentialReader>(),
            provider.GetRequiredService<ApiKeyVerifier>(),
            provider.GetRequiredService<OwnerPermissionEvaluator>(),
            provider.GetRequiredService<ApiKeyErrorOptions>(),
            provider.GetRequiredService<ApiKeyMetrics>(),
            ServiceScopeInvoker.Invoke(
                provider, scope => scope.GetService<IClaimsTransformation>() is not (null or NoopClaimsTransformation)),
            provider.GetRequiredService<ResponseCachingDetector>(),
            isDevelopment ? LogLevel.Information : LogLevel.Debug,
            isDevelopment ? provider.GetRequiredService<ApiKeyFormats>() : null);
    }

    private static bool HasQuerySource(IServiceProvider provider)
    {
        try
        {
            var schemes = provider.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
            return GetOptions(provider).Schemes.Any(scheme => schemes.Get(scheme).UnsafeQueryParameter is not null);
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            // Logging is set up before the startup check, which reports what is wrong. Or the app's own setup of the options needs a
            // logger, which is a cycle. In both cases it is safer to hide too much.
            return true;
        }
    }

    private static ApiKeyAuthOptions GetOptions(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
}
