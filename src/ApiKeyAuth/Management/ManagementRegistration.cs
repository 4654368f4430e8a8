using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Stores;
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
        AddOverStore<KeyWriter>(services);
        AddOverStore<KeyReader>(services);
        AddOverStore<KeyImporter>(services);
        AddOverStore<KeyDescendants>(services);
        AddOverStore<KeyRevoker>(services);
        AddOverStore<KeyEnder>(services);
        AddOverStore<UsageReader>(services);
        AddOverStore<AlertKeeper>(services);
        services.AddScoped(provider => new ApiKeyManager(
            provider.GetRequiredService<KeyReader>(), provider.GetRequiredService<KeyMaker>(), provider.GetRequiredService<KeyChanges>(),
            provider.GetRequiredService<KeyWriter>(), provider.GetRequiredService<KeyImporter>(), provider.GetRequiredService<KeyRevoker>(),
            provider.GetRequiredService<KeyEnder>(), provider.GetRequiredService<UsageReader>(),
            provider.GetRequiredService<AlertKeeper>()));
        services.AddSingleton<CallerReader>();
        services.AddSingleton<CookieCallers>();
        services.AddSingleton<CrossSiteCheck>();
        services.AddSingleton<LeakReports>();
        services.AddSingleton<RemoteVerification>();
        services.AddHostedService<SecretAgeWatch>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(ManagementJson.Default));
    }

    /// <summary>
    /// Adds a service that changes keys. It is created by a factory, so that a host without a store to write to can be built and checked.
    /// </summary>
    private static void AddOverStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceCollection services)
        where T : class => services.AddScoped(static provider => provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IWritableApiKeyStore))
            ? ActivatorUtilities.CreateInstance<T>(provider)
            : throw new InvalidOperationException(
                "ApiKeyManager needs a store whose keys can be changed; call AddInMemoryStore(), or AddStore<T>() with an IWritableApiKeyStore."));
}
