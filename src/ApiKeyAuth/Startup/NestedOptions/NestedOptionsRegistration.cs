using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup.NestedOptions;

/// <summary>Registers options that are a property of <see cref="ApiKeyAuthOptions"/> as options of their own.</summary>
internal static class NestedOptionsRegistration
{
    /// <summary>
    /// Reads the nested object from its section. Lets <c>Configure&lt;TOptions&gt;()</c> and its relatives act on it, and lets services
    /// take the object or <c>IOptions&lt;TOptions&gt;</c>.
    /// </summary>
    public static void Add<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSetup>(
        IServiceCollection services, Func<ApiKeyAuthOptions, TOptions> select)
        where TOptions : class, new()
        where TSetup : SectionOptionsSetup<TOptions>
    {
        services.AddSingleton<TSetup>();
        services.AddSingleton<IValidateOptions<TOptions>>(provider => provider.GetRequiredService<TSetup>());
        services.AddSingleton(provider => new NestedOptionsSetup<TOptions>(
            select,
            provider.GetRequiredService<TSetup>(),
            provider.GetServices<IConfigureOptions<TOptions>>(),
            provider.GetServices<IPostConfigureOptions<TOptions>>(),
            provider.GetServices<IValidateOptions<TOptions>>()));

        // It goes first, because code overrides settings.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ApiKeyAuthOptions>>(
            provider => provider.GetRequiredService<NestedOptionsSetup<TOptions>>()));
        services.AddSingleton<IPostConfigureOptions<ApiKeyAuthOptions>>(
            provider => provider.GetRequiredService<NestedOptionsSetup<TOptions>>());
        services.AddSingleton<IValidateOptions<ApiKeyAuthOptions>>(
            provider => provider.GetRequiredService<NestedOptionsSetup<TOptions>>());
        services.AddSingleton(provider => select(provider.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value));
        services.AddSingleton<IOptionsFactory<TOptions>>(provider => new NestedOptionsFactory<TOptions>(provider));
    }

    /// <summary>Provides the nested object wherever the framework creates options of its type.</summary>
    private sealed class NestedOptionsFactory<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(IServiceProvider services)
        : IOptionsFactory<TOptions>
        where TOptions : class
    {
        /// <inheritdoc/>
        public TOptions Create(string name) => services.GetRequiredService<TOptions>();
    }
}
