using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Management.CrossSite;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.HashUpgrades;
using ApiKeyAuth.Management.Imports;
using ApiKeyAuth.Management.LeakReports;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Management.Self;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.History;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Registers the manager and its parts. They are scoped, because a store may be.</summary>
internal static class ManagementRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AuditEntryFactory>();
        services.AddSingleton<KeyValidator>();
        services.AddSingleton<ExpiryRules>();
        services.AddSingleton<GrantRules>();
        services.AddSingleton<PersonalKeyRules>();
        services.AddSingleton<KeyFactory>();
        services.AddSingleton<UsageReportFactory>();
        services.AddSingleton<KeyUpdater>();
        AddStoreDependent<IdleTimeRule>(services);
        AddStoreDependent<KeyCommands>(services);
        AddStoreDependent<KeyQueries>(services);
        AddStoreDependent<KeyChanges>(services);
        AddStoreDependent<ImportedKeyReader>(services);
        AddStoreDependent<SaltedPrefixRule>(services);
        AddStoreDependent<KeyBatchWriter>(services);
        AddStoreDependent<KeyImporter>(services);
        AddStoreDependent<KeyPageImporter>(services);
        AddStoreDependent<KeyDescendants>(services);
        AddStoreDependent<CascadingKeyRevoker>(services);
        AddStoreDependent<LeakedSecrets>(services);
        AddStoreDependent<LeakReporter>(services);
        AddStoreDependent<KeyRevoker>(services);
        AddStoreDependent<UsageReader>(services);
        services.AddScoped(provider => new ApiKeyManager(
            provider.GetRequiredService<KeyQueries>(),
            provider.GetRequiredService<KeyFactory>(),
            provider.GetRequiredService<KeyUpdater>(),
            provider.GetRequiredService<IdleTimeRule>(),
            provider.GetRequiredService<KeyCommands>(),
            provider.GetRequiredService<KeyChanges>(),
            provider.GetRequiredService<KeyImporter>(),
            provider.GetRequiredService<CascadingKeyRevoker>(),
            provider.GetRequiredService<KeyRevoker>(),
            provider.GetRequiredService<LeakReporter>(),
            provider.GetRequiredService<UsageReader>()));
        services.AddSingleton<CallerReader>();
        services.AddSingleton<CookieAuthenticationDetector>();
        services.AddSingleton<CrossSiteCheck>();
        services.AddSingleton<LeakReportEndpoint>();
        services.AddSingleton<LeakNotifier>();
        services.AddSingleton<LeakReportCheck>();
        services.AddSingleton<SignedLeakReportEndpoint>();
        services.AddSingleton<RemoteVerification>();
        services.AddSingleton<OwnKeyReader>();
        services.AddHostedService<SecretAgeMonitor>();
        services.AddHostedService<HashUpgradeService>();
        services.AddHostedService<LegacyHashMonitor>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(ManagementJsonContext.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(LeakJsonContext.Default);
        });
    }

    /// <summary>
    /// Adds a service that needs a writable store. It is registered as a factory, so that a host without such a store passes validation.
    /// </summary>
    private static void AddStoreDependent<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        IServiceCollection services)
        where T : class =>
        services.AddScoped(static provider =>
            provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IWritableApiKeyStore))
                ? ActivatorUtilities.CreateInstance<T>(provider)
                : throw new InvalidOperationException(
                    "ApiKeyManager requires a writable store; call AddInMemoryStore(), or AddStore<T>() with an IWritableApiKeyStore."));
}
