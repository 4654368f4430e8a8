using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management;

/// <summary>Registers the manager, scoped because a store may be, and what it is made of.</summary>
internal static class ManagementRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<KeyRules>();
        services.AddSingleton<ExpiryRules>();
        services.AddSingleton<GrantRules>();
        services.AddSingleton<PersonalKeys>();
        services.AddSingleton<KeyMaker>();
        services.AddSingleton<KeyChanges>();
        services.AddScoped<KeyWriter>();
        services.AddScoped<KeyReader>();
        services.AddScoped<KeyImporter>();
        services.AddScoped<KeyEnder>();
        services.AddScoped<UsageReader>();
        services.AddScoped<AlertKeeper>();
        services.AddScoped(provider => new ApiKeyManager(
            provider.GetRequiredService<KeyReader>(), provider.GetRequiredService<KeyMaker>(), provider.GetRequiredService<KeyChanges>(),
            provider.GetRequiredService<KeyWriter>(), provider.GetRequiredService<KeyImporter>(), provider.GetRequiredService<KeyEnder>(),
            provider.GetRequiredService<UsageReader>(), provider.GetRequiredService<AlertKeeper>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CallerReader>();
        services.AddSingleton<LeakReports>();
        services.AddSingleton<RemoteVerification>();
        services.AddHostedService<SecretAgeWatch>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(ManagementJson.Default));
    }
}
