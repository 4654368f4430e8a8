using ApiKeyAuth;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.EntityFrameworkCore;
using ApiKeyAuth.EntityFrameworkCore.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds stores in relational databases.</summary>
public static class ApiKeyEntityFrameworkExtensions
{
    /// <summary>Adds the store in a context that has <c>UseApiKeyAuth()</c> in its model and a factory: <c>AddPooledDbContextFactory</c> or <c>AddDbContextFactory</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="migrate">Whether the context's migrations are applied at start; else tables that are missing stop the app before it listens.</param>
    public static ApiKeyAuthBuilder AddEntityFrameworkStore<TContext>(this ApiKeyAuthBuilder builder, bool migrate = false)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IApiKeyAlertStore, EntityFrameworkAlertStore<TContext>>());

        // The schema first: the store is warmed up after what was registered before it.
        return builder.AddSchema<ApiKeySchema<TContext>>(migrate).AddStore<EntityFrameworkApiKeyStore<TContext>>();
    }

    /// <summary>Adds what a database must have, for a package that adds to it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="migrate">Whether it is made at start; else what is missing stops the app before it listens.</param>
    public static ApiKeyAuthBuilder AddSchema<TSchema>(this ApiKeyAuthBuilder builder, bool migrate)
        where TSchema : class, IApiKeySchema
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<TSchema>();
        builder.Services.AddSingleton<IApiKeySchema>(provider => provider.GetRequiredService<TSchema>());
        if (!ApiKeyBuildTime.IsActive)
        {
            builder.Services.AddSingleton<IHostedService>(provider => new SchemaStartupService(provider.GetRequiredService<TSchema>(), migrate));
        }

        return builder;
    }

    /// <summary>Applies the migrations that the databases of API keys lack: from <c>app.Services</c> before <c>app.Run()</c>, or from a program that deploys.</summary>
    /// <remarks>Does nothing if the app runs only to generate its OpenAPI document during a build.</remarks>
    public static async Task MigrateApiKeysAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        foreach (var schema in ApiKeyBuildTime.IsActive ? [] : services.GetServices<IApiKeySchema>())
        {
            await schema.MigrateAsync(cancellationToken);
        }
    }
}
