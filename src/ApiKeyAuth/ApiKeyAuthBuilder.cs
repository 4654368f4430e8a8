using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Startup;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth;

/// <summary>Provides methods that add schemes, stores and other services for API keys.</summary>
public sealed class ApiKeyAuthBuilder
{
    internal ApiKeyAuthBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the services of the app.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a scheme, or configures one that the settings name. An app that adds a scheme does not get the scheme
    /// <see cref="ApiKeyDefaults.AuthenticationScheme"/> unless it adds that one too.
    /// </summary>
    /// <param name="name">The name of the scheme, which endpoints use to select it.</param>
    /// <param name="configure">Configures the scheme after the settings. The default is null, for the settings alone.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ApiKeyAuthBuilder AddScheme(string name, Action<ApiKeySchemeOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Services.Configure<ApiKeyAuthOptions>(options => options.AddedSchemes.Add(name));
        if (configure is not null)
        {
            Services.Configure(name, configure);
        }

        return this;
    }

    /// <summary>Adds a scoped store. Every load has its own scope.</summary>
    /// <remarks>Stores are searched in the order in which they were added, after the keys in the settings.</remarks>
    /// <typeparam name="TStore">The type of the store.</typeparam>
    public ApiKeyAuthBuilder AddStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, IApiKeyStore =>
        AddStore<TStore>(ServiceLifetime.Scoped);

    /// <summary>Adds a store.</summary>
    /// <inheritdoc cref="AddStore{TStore}()" path="/remarks"/>
    /// <typeparam name="TStore">The type of the store.</typeparam>
    /// <param name="lifetime">The lifetime of the store. It is ignored if the app has already registered the type.</param>
    public ApiKeyAuthBuilder AddStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>(
        ServiceLifetime lifetime)
        where TStore : class, IApiKeyStore
    {
        Services.TryAdd(new ServiceDescriptor(typeof(TStore), typeof(TStore), lifetime));

        // A scope disposes of what a factory returned, so the lifetime has to be that of the type.
        var actual = Services.Last(descriptor => descriptor.ServiceType == typeof(TStore)).Lifetime;
        return AddStore(static provider => provider.GetRequiredService<TStore>(), actual, typeof(TStore));
    }

    /// <summary>Adds a store that the app created and disposes itself.</summary>
    /// <inheritdoc cref="AddStore{TStore}()" path="/remarks"/>
    /// <typeparam name="TStore">The type of the store.</typeparam>
    /// <param name="store">The store. Several requests use it at the same time.</param>
    public ApiKeyAuthBuilder AddStore<TStore>(TStore store)
        where TStore : class, IApiKeyStore
    {
        ArgumentNullException.ThrowIfNull(store);
        Services.AddSingleton<IApiKeyStore>(store);
        if (store is IWritableApiKeyStore writable)
        {
            Services.AddSingleton(writable);
        }

        MoveWarmUpToEnd();
        return this;
    }

    /// <summary>Adds a scoped store that a factory creates. Every load has its own scope.</summary>
    /// <inheritdoc cref="AddStore{TStore}()" path="/remarks"/>
    /// <typeparam name="TStore">The type of the store.</typeparam>
    /// <param name="factory">Creates the store.</param>
    public ApiKeyAuthBuilder AddStore<TStore>(Func<IServiceProvider, TStore> factory)
        where TStore : class, IApiKeyStore =>
        AddStore(factory, ServiceLifetime.Scoped);

    /// <summary>Adds a store that a factory creates.</summary>
    /// <inheritdoc cref="AddStore{TStore}()" path="/remarks"/>
    /// <typeparam name="TStore">The type of the store.</typeparam>
    /// <param name="factory">Creates the store.</param>
    /// <param name="lifetime">The lifetime of the store.</param>
    public ApiKeyAuthBuilder AddStore<TStore>(Func<IServiceProvider, TStore> factory, ServiceLifetime lifetime)
        where TStore : class, IApiKeyStore
    {
        ArgumentNullException.ThrowIfNull(factory);

        // The key lets readers and writers share one store, even if an app adds several stores of the same type.
        var key = new object();
        Services.Add(new ServiceDescriptor(typeof(TStore), key, (provider, _) => factory(provider), lifetime));
        return AddStore(provider => provider.GetRequiredKeyedService<TStore>(key), lifetime, typeof(TStore));
    }

    /// <summary>Adds fixed keys, as the section <c>Keys</c> of the settings does.</summary>
    /// <remarks>
    /// The keys are searched before the stores that are added later. The management API cannot change them. They are checked when the app
    /// starts. Code should contain only hashes, as in <c>new ApiKeySecret { Hash = ApiKeyHash.Parse("sha256:…") }</c>, because everyone
    /// who can read the code can read a secret in it.
    /// </remarks>
    /// <param name="keys">The keys, each with a unique ID and at least one secret.</param>
    public ApiKeyAuthBuilder AddKeys(params IEnumerable<ApiKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ApiKey[] added = [.. keys];
        Services.Configure<ApiKeyAuthOptions>(options => options.AddedKeys.AddRange(added));
        if (Services.All(static descriptor => descriptor.ServiceType != typeof(FixedApiKeyStore)))
        {
            Services.AddSingleton(static provider => new FixedApiKeyStore(
                provider.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.AddedKeys,
                provider.GetRequiredService<ApiKeyFormats>(),
                provider.GetRequiredService<ApiKeyHasher>(),
                provider.GetRequiredService<ScopeCatalog>(),
                provider.GetService<ConfigurationApiKeyStore>()));
            Services.AddSingleton<IApiKeyStore>(static provider => provider.GetRequiredService<FixedApiKeyStore>());
        }

        return this;
    }

    /// <summary>Adds a store that keeps keys in memory until the process ends.</summary>
    public ApiKeyAuthBuilder AddInMemoryStore() => AddStore<InMemoryApiKeyStore>(ServiceLifetime.Singleton);

    /// <summary>
    /// Adds the backplane, through which nodes that serve the same keys invalidate each other's caches. If several are added, the last one
    /// is used.
    /// </summary>
    /// <typeparam name="TBackplane">The type of the backplane.</typeparam>
    public ApiKeyAuthBuilder AddBackplane<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TBackplane>()
        where TBackplane : class, IApiKeyBackplane
    {
        Services.Replace(ServiceDescriptor.Singleton<IApiKeyBackplane, TBackplane>());
        return this;
    }

    /// <summary>Replaces the rate limiter. The default is a limiter in the memory of the process.</summary>
    /// <typeparam name="TLimiter">The type of the limiter.</typeparam>
    public ApiKeyAuthBuilder AddRateLimiter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TLimiter>()
        where TLimiter : class, IApiKeyRateLimiter
    {
        Services.Replace(ServiceDescriptor.Singleton<IApiKeyRateLimiter, TLimiter>());
        return this;
    }

    /// <summary>
    /// Lets API keys and another bearer scheme, such as JWT, share the <c>Authorization</c> header. A request that contains a key is
    /// forwarded to the key scheme, and every other request to the other scheme.
    /// </summary>
    /// <remarks>The forwarding scheme becomes the default scheme if the app does not set one. Otherwise, endpoints must name it.</remarks>
    /// <param name="bearerScheme">The name of the other scheme, such as <c>Bearer</c>.</param>
    /// <param name="apiKeyScheme">The name of the key scheme. The default is <see cref="ApiKeyDefaults.AuthenticationScheme"/>.</param>
    /// <param name="name">The name of the forwarding scheme. The default is <see cref="ApiKeyDefaults.ForwardingScheme"/>.</param>
    /// <exception cref="ArgumentException">The name of the other scheme is empty.</exception>
    public ApiKeyAuthBuilder AddBearerForwarding(
        string bearerScheme, string apiKeyScheme = ApiKeyDefaults.AuthenticationScheme, string name = ApiKeyDefaults.ForwardingScheme)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(bearerScheme);
        Services.Configure<ApiKeyAuthOptions>(options => options.ForwardedSchemes.AddRange([bearerScheme, apiKeyScheme]));
        Services.Configure<ForwardingSchemes>(
            forwarding => (forwarding.KeySchemes[name], forwarding.OtherSchemes[name]) = (apiKeyScheme, bearerScheme));
        new AuthenticationBuilder(Services).AddScheme<PolicySchemeOptions, BearerForwardingHandler>(name, displayName: null, options =>
            options.ForwardDefaultSelector = context => CredentialForwarding.SelectScheme(context, apiKeyScheme, bearerScheme));
        Services.PostConfigure<AuthenticationOptions>(options => options.DefaultScheme ??= name);
        return this;
    }

    private ApiKeyAuthBuilder AddStore(Func<IServiceProvider, object> get, ServiceLifetime lifetime, Type type)
    {
        Services.Add(new ServiceDescriptor(typeof(IApiKeyStore), get, lifetime));
        if (type.IsAssignableTo(typeof(IWritableApiKeyStore)))
        {
            Services.Add(new ServiceDescriptor(typeof(IWritableApiKeyStore), get, lifetime));
        }

        MoveWarmUpToEnd();
        return this;
    }

    /// <summary>
    /// Moves the warm-up behind the hosted services of the stores. Hosted services start in the order in which they were added, and the
    /// warm-up has to run after the migrations of the stores.
    /// </summary>
    private void MoveWarmUpToEnd()
    {
        var warmUp = Services.FirstOrDefault(static descriptor =>
            !descriptor.IsKeyedService && descriptor.ImplementationType == typeof(StoreWarmUp));
        if (warmUp is not null && Services.Remove(warmUp))
        {
            Services.Add(warmUp);
        }
    }
}
