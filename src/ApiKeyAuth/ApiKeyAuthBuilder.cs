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

/// <summary>Adds what an app wants beyond the defaults.</summary>
public sealed class ApiKeyAuthBuilder
{
    internal ApiKeyAuthBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a scheme, or sets up in code one that the configuration names. With the first of them the default scheme is no longer added by itself.</summary>
    /// <param name="name">The name by which endpoints choose it.</param>
    /// <param name="configure">Sets it up, after the configuration did.</param>
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

    /// <summary>Adds a store of the app's own. Several are asked in the order of their adding, after the keys in the configuration.</summary>
    /// <param name="lifetime">How long one lives, scoped by default: every load has a scope of its own. Ignored where the app registered the type itself before.</param>
    public ApiKeyAuthBuilder AddStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>(ServiceLifetime lifetime = ServiceLifetime.Scoped)
        where TStore : class, IApiKeyStore
    {
        Services.TryAdd(new ServiceDescriptor(typeof(TStore), typeof(TStore), lifetime));

        // As long-lived as the type itself: a scope disposes of what it made by a factory, also where that is everybody's one instance.
        var lives = Services.Last(descriptor => descriptor.ServiceType == typeof(TStore)).Lifetime;
        Services.Add(new ServiceDescriptor(typeof(IApiKeyStore), provider => provider.GetRequiredService<TStore>(), lives));
        if (typeof(IWritableApiKeyStore).IsAssignableFrom(typeof(TStore)))
        {
            Services.Add(new ServiceDescriptor(typeof(IWritableApiKeyStore), provider => provider.GetRequiredService<TStore>(), lives));
        }

        // Hosted services start in the order of their registration: the warm-up comes after the migrations of the stores added so far.
        var warmUp = Services.FirstOrDefault(descriptor => descriptor.ImplementationType == typeof(StoreWarmUp));
        if (warmUp is not null && Services.Remove(warmUp))
        {
            Services.Add(warmUp);
        }

        return this;
    }

    /// <summary>Adds fixed keys, as the section <c>Keys</c> of the configuration does.</summary>
    /// <remarks>
    /// They are looked up before the stores added later, cannot be changed by the management API, and are checked when the app starts. Code
    /// holds hashes only, such as <c>new ApiKeySecret { Hash = ApiKeyHash.Parse("sha256:…") }</c>: a secret in code is known to everyone
    /// who reads the code.
    /// </remarks>
    /// <param name="keys">The keys, each with an ID of its own and at least one secret.</param>
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

    /// <summary>Adds the bus by which nodes that serve the same keys tell one another of changes; of several, the last added is used.</summary>
    public ApiKeyAuthBuilder AddBackplane<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCarrier>()
        where TCarrier : class, IApiKeyBackplane
    {
        Services.Replace(ServiceDescriptor.Singleton<IApiKeyBackplane, TCarrier>());
        return this;
    }

    /// <summary>Replaces the limiter.</summary>
    public ApiKeyAuthBuilder AddRateLimiter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TLimiter>()
        where TLimiter : class, IApiKeyRateLimiter
    {
        Services.Replace(ServiceDescriptor.Singleton<IApiKeyRateLimiter, TLimiter>());
        return this;
    }

    /// <summary>Lets API keys and another bearer scheme (JWT) share the <c>Authorization</c> header: a request that offers a key goes to the key scheme, every other to the other.</summary>
    /// <remarks>The forwarding scheme becomes the default where the app has set none; else endpoints name it.</remarks>
    /// <param name="bearerScheme">The other scheme, such as <c>Bearer</c>.</param>
    /// <param name="apiKeyScheme">The key scheme.</param>
    /// <param name="name">The name of the forwarding scheme.</param>
    public ApiKeyAuthBuilder AddBearerForwarding(
        string bearerScheme, string apiKeyScheme = ApiKeyDefaults.AuthenticationScheme, string name = ApiKeyDefaults.ForwardingScheme)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(bearerScheme);
        Services.Configure<ApiKeyAuthOptions>(options => options.ForwardedSchemes.AddRange([bearerScheme, apiKeyScheme]));
        Services.Configure<ForwardingSchemes>(forwarding => forwarding.KeySchemes[name] = apiKeyScheme);
        new AuthenticationBuilder(Services).AddScheme<PolicySchemeOptions, BearerForwardingHandler>(name, displayName: null, options =>
            options.ForwardDefaultSelector = context => CredentialForwarding.SelectScheme(context, apiKeyScheme, bearerScheme));
        Services.PostConfigure<AuthenticationOptions>(options => options.DefaultScheme ??= name);
        return this;
    }
}
