using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Startup.NestedOptions;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Registers the setup of the options of each feature.</summary>
internal static class OptionsRegistration
{
    public static void Add(IServiceCollection services)
    {
        NestedOptionsRegistration.Add<ApiKeyCacheOptions, ApiKeyCacheOptionsSetup>(services, static all => all.Cache);
        NestedOptionsRegistration.Add<ApiKeyBackplaneOptions, ApiKeyBackplaneOptionsSetup>(services, static all => all.Backplane);
        NestedOptionsRegistration.Add<ApiKeyRateLimitOptions, ApiKeyRateLimitOptionsSetup>(services, static all => all.RateLimiting);
        NestedOptionsRegistration.Add<ApiKeyUsageOptions, ApiKeyUsageOptionsSetup>(services, static all => all.Usage);
        NestedOptionsRegistration.Add<ApiKeyManagementOptions, ApiKeyManagementOptionsSetup>(services, static all => all.Management);
        NestedOptionsRegistration.Add<ApiKeyLeakReportOptions, ApiKeyLeakReportOptionsSetup>(services, static all => all.LeakReports);
        NestedOptionsRegistration.Add<ApiKeyErrorOptions, ApiKeyErrorOptionsSetup>(services, static all => all.Errors);
        AddSetups(services);
    }

    private static void AddSetups(IServiceCollection services)
    {
        services.AddSingleton(provider => new ApiKeyAuthOptionsSetup(
            provider.GetService<SettingsSource>(),
            provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AlertEvaluator))));
        services.AddSingleton<IValidateOptions<ApiKeyAuthOptions>>(provider => provider.GetRequiredService<ApiKeyAuthOptionsSetup>());
        services.AddSingleton(provider => new ApiKeySchemeOptionsSetup(
            provider.GetService<SettingsSource>(), () => GetEnvironments(provider)));
        services.AddSingleton<IValidateOptions<ApiKeySchemeOptions>>(provider => provider.GetRequiredService<ApiKeySchemeOptionsSetup>());

        // They go first, because code overrides settings.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ApiKeyAuthOptions>>(
            provider => provider.GetRequiredService<ApiKeyAuthOptionsSetup>()));
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ApiKeySchemeOptions>>(
            provider => provider.GetRequiredService<ApiKeySchemeOptionsSetup>()));
    }

    /// <summary>Gets the environments of all formats, or null if the formats are invalid.</summary>
    private static IReadOnlyList<string>? GetEnvironments(IServiceProvider provider)
    {
        var options = ApiKeyAuthOptionsSetup.GetEvenIfInvalid(provider);
        return ApiKeyFormats.FindErrors([options.Format, .. options.AcceptedFormats]).Count == 0
            ? new ApiKeyFormats(options.Format, options.AcceptedFormats).GetEnvironments()
            : null;
    }
}
