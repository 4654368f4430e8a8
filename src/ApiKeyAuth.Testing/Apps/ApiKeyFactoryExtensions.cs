using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>Provides extension methods that run an app in a test with an API key and a clock that the test controls.</summary>
public static class ApiKeyFactoryExtensions
{
    /// <summary>Adds a key with the given scopes to the app, and sends it with every request that has no credential of its own.</summary>
    /// <param name="factory">The factory of the app. It is not changed.</param>
    /// <param name="scopes">The scopes of the key. The app's catalog must define them.</param>
    /// <returns>A factory of the app with the key.</returns>
    /// <exception cref="InvalidOperationException">
    /// Thrown at the start of the app: the catalog does not define a scope, or the app has several key schemes and none is named.
    /// </exception>
    public static WebApplicationFactory<TEntryPoint> WithApiKey<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory, params string[] scopes)
        where TEntryPoint : class => factory.WithApiKey(scopes, configure: null);

    /// <summary>Adds a key to the app, and sends it with every request that has no credential of its own.</summary>
    /// <remarks>
    /// The key has the format and the hash of the app, and is kept in an in-memory store that is read after the app's own stores. The
    /// authentication, scopes and limits of the app apply. If the method is called several times, requests send the last key.
    /// </remarks>
    /// <param name="factory">The factory of the app. It is not changed.</param>
    /// <param name="scopes">The scopes of the key. The app's catalog must define them.</param>
    /// <param name="configure">Sets other properties of the key: tenant, owner, environment, limits, expiry.</param>
    /// <param name="scheme">The scheme whose header carries the key. It may be null if the app has a single key scheme.</param>
    /// <returns>A factory of the app with the key.</returns>
    /// <exception cref="InvalidOperationException">
    /// Thrown at the start of the app: the catalog does not define a scope, or the app has several key schemes and none is named.
    /// </exception>
    public static WebApplicationFactory<TEntryPoint> WithApiKey<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory,
        IReadOnlyList<string> scopes,
        Func<ApiKey, ApiKey>? configure,
        string? scheme = null)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(scopes);
        var sent = new TestApiKeyDescriptor(scopes, configure ?? (static same => same), scheme);
        return factory.WithWebHostBuilder(host => host.ConfigureTestServices(services =>
        {
            if (services.All(service => service.ServiceType != typeof(TestApiKeyIssuer)))
            {
                services.AddSingleton<TestApiKeyIssuer>();
                services.AddSingleton<IApiKeyStore>(provider => provider.GetRequiredService<TestApiKeyIssuer>().Store);
                services.AddSingleton<IStartupFilter, TestApiKeyStartupFilter>();
            }

            services.Replace(ServiceDescriptor.Singleton(sent));
        }));
    }

    /// <summary>Issues another key in an app that runs with <c>WithApiKey</c>, for requests whose credential the test sets.</summary>
    /// <param name="factory">A factory that <c>WithApiKey</c> returned.</param>
    /// <param name="scopes">The scopes of the key. The app's catalog must define them.</param>
    /// <param name="configure">Sets other properties of the key: tenant, owner, environment, limits, expiry.</param>
    /// <returns>The secret of the key.</returns>
    /// <exception cref="InvalidOperationException">
    /// The factory was not returned by <c>WithApiKey</c>, or the catalog does not define a scope.
    /// </exception>
    public static string IssueApiKey<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory, IReadOnlyList<string> scopes, Func<ApiKey, ApiKey>? configure = null)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(scopes);
        var issued = factory.Services.GetService<TestApiKeyIssuer>()
            ?? throw new InvalidOperationException(
                "IssueApiKey() requires a factory that WithApiKey() returned; the app of this factory has no store for test keys.");
        return issued.Issue(scopes, configure ?? (static same => same));
    }

    /// <summary>
    /// Runs the app with a clock that only the test advances. Keys expire, limits refill and cached keys age by this clock.
    /// </summary>
    /// <param name="factory">The factory of the app. It is not changed.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>A factory of the app with the clock.</returns>
    /// <remarks>Timeouts use the clock too. If a store does not respond, the app waits until the test advances the clock.</remarks>
    public static WebApplicationFactory<TEntryPoint> WithClock<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory, FakeTimeProvider clock)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(clock);
        return factory.WithWebHostBuilder(host => host.ConfigureTestServices(
            services => services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(clock)));
    }
}
