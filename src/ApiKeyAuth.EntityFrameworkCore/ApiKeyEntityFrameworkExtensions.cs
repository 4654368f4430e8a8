using ApiKeyAuth;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.EntityFrameworkCore;
using ApiKeyAuth.EntityFrameworkCore.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that add stores in relational databases.</summary>
public static class ApiKeyEntityFrameworkExtensions
{
    /// <summary>
    /// Adds the store in a context whose model calls <c>UseApiKeyAuth()</c> and that is registered by <c>AddPooledDbContextFactory</c> or
    /// <c>AddDbContextFactory</c>.
    /// </summary>
    /// <remarks>The app does not start while tables are missing, unless <see cref="MigrateOnStartup"/> is called.</remarks>
    /// <typeparam name="TContext">The type of the context.</typeparam>
    /// <param name="builder">The builder.</param>
    public static ApiKeyAuthBuilder AddEntityFrameworkStore<TContext>(this ApiKeyAuthBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IApiKeyAlertStore, EntityFrameworkAlertStore<TContext>>());
        builder.Services.Replace(ServiceDescriptor.Singleton<IApiKeyMemberCountStore, EntityFrameworkMemberCountStore<TContext>>());

        // The schema comes first, because the warm-up of a store runs after the services that were registered before it.
        return builder.AddSchema<ApiKeySchema<TContext>>().AddStore<EntityFrameworkApiKeyStore<TContext>>();
    }

    /// <summary>Adds a schema that a database must have. Packages that need more tables call it.</summary>
    /// <remarks>The app does not start while parts are missing, unless <see cref="MigrateOnStartup"/> is called.</remarks>
    /// <typeparam name="TSchema">The type of the schema.</typeparam>
    /// <param name="builder">The builder.</param>
    public static ApiKeyAuthBuilder AddSchema<TSchema>(this ApiKeyAuthBuilder builder)
        where TSchema : class, IApiKeySchema
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<TSchema>();
        builder.Services.AddSingleton<IApiKeySchema>(provider => provider.GetRequiredService<TSchema>());
        if (!ApiKeyBuildTime.IsActive)
        {
            builder.Services.AddSingleton<IHostedService>(provider => new SchemaStartupService(
                provider.GetRequiredService<TSchema>(), provider.GetRequiredService<IOptions<SchemaStartupOptions>>()));
        }

        return builder;
    }

    /// <summary>
    /// Applies the pending migrations of all databases of API keys when the app starts, before its other services start. Several nodes take
    /// turns.
    /// </summary>
    /// <remarks>
    /// It also applies to databases that are added later. The app's user must be allowed to change tables; otherwise, call
    /// <see cref="MigrateApiKeysAsync"/> in a deployment program.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    public static ApiKeyAuthBuilder MigrateOnStartup(this ApiKeyAuthBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<SchemaStartupOptions>(static options => options.Migrate = true);
        return builder;
    }

    /// <summary>
    /// Applies the pending migrations of all databases of API keys. Call it on <c>app.Services</c> before <c>app.Run()</c>, or in a
    /// deployment program.
    /// </summary>
    /// <remarks>It does nothing if the app only runs to generate its OpenAPI document during a build.</remarks>
    /// <param name="services">The service provider.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public static async Task MigrateApiKeysAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        foreach (var schema in ApiKeyBuildTime.IsActive ? [] : services.GetServices<IApiKeySchema>())
        {
            await schema.MigrateAsync(cancellationToken);
        }
    }
}
