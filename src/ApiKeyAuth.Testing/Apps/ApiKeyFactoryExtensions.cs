using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>Runs an app in a test with a key, and by a clock that the test moves.</summary>
public static class ApiKeyFactoryExtensions
{
    /// <summary>Gives the app a key with some scopes, and every request that brings no credential of its own carries it.</summary>
    /// <exception cref="InvalidOperationException">From the start of the app: its catalogue does not hold a scope, or its scheme is not clear.</exception>
    public static WebApplicationFactory<TEntryPoint> WithApiKey<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, params string[] scopes)
        where TEntryPoint : class => factory.WithApiKey(scopes, configure: null);

    /// <summary>Gives the app a key, and every request that brings no credential of its own carries it.</summary>
    /// <remarks>
    /// The key is real: of the app's format, hashed as the app hashes, in a store in memory that is asked after the app's own. It goes through
    /// the app's own authentication, scopes and limits. Where the call is repeated, requests carry the last one's key.
    /// </remarks>
    /// <param name="factory">The factory of the app, which stays as it is.</param>
    /// <param name="scopes">What the key may do, of the app's catalogue.</param>
    /// <param name="configure">Sets what else it is: tenant, owner, environment, limits, end.</param>
    /// <param name="scheme">The scheme whose header it is sent in, or null in an app with one key scheme.</param>
    /// <exception cref="InvalidOperationException">From the start of the app: its catalogue does not hold a scope, or its scheme is not clear.</exception>
    public static WebApplicationFactory<TEntryPoint> WithApiKey<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory, IReadOnlyList<string> scopes, Func<ApiKey, ApiKey>? configure, string? scheme = null)
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

    /// <summary>Issues a further key in an app that runs by <c>WithApiKey</c>, for requests that the test gives their credential itself.</summary>
    /// <param name="factory">The factory that <c>WithApiKey</c> gave.</param>
    /// <param name="scopes">What the key may do, of the app's catalogue.</param>
    /// <param name="configure">Sets what else it is: tenant, owner, environment, limits, end.</param>
    /// <returns>Its secret.</returns>
    /// <exception cref="InvalidOperationException">The factory is not one of <c>WithApiKey</c>, or the catalogue does not hold a scope.</exception>
    public static string IssueApiKey<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory, IReadOnlyList<string> scopes, Func<ApiKey, ApiKey>? configure = null)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(scopes);
        var issued = factory.Services.GetService<TestApiKeyIssuer>()
            ?? throw new InvalidOperationException("IssueApiKey() needs a factory that WithApiKey() gave; the app of this one has no store for it.");
        return issued.Issue(scopes, configure ?? (static same => same));
    }

    /// <summary>Runs the app by a clock that stands until the test moves it: keys end, limits free and cached keys age by it.</summary>
    /// <remarks>Time-outs stand too, so an app whose store hangs hangs with it.</remarks>
    public static WebApplicationFactory<TEntryPoint> WithClock<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, FakeTimeProvider clock)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(clock);
        return factory.WithWebHostBuilder(host => host.ConfigureTestServices(
            services => services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(clock)));
    }
}
