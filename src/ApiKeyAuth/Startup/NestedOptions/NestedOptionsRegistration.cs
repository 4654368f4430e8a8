using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup.NestedOptions;

/// <summary>Registers options that are a property of <see cref="ApiKeyAuthOptions"/> as options of their own.</summary>
internal static class NestedOptionsRegistration
{
    /// <summary>
    /// Lets <c>Configure&lt;TOptions&gt;()</c> and its relatives act on the nested object, and lets services take the object or
    /// <c>IOptions&lt;TOptions&gt;</c>.
    /// </summary>
    public static void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceCollection services, Func<ApiKeyAuthOptions, TOptions> select)
        where TOptions : class
    {
        services.AddSingleton<IPostConfigureOptions<ApiKeyAuthOptions>>(provider => new NestedOptionsSetup<TOptions>(
            select,
            provider.GetServices<IConfigureOptions<TOptions>>(),
            provider.GetServices<IPostConfigureOptions<TOptions>>(),
            provider.GetServices<IValidateOptions<TOptions>>()));
        services.AddSingleton<IOptionsFactory<TOptions>>(provider =>
            new NestedOptionsFactory<TOptions>(provider.GetRequiredService<IOptions<ApiKeyAuthOptions>>(), select));
        services.AddSingleton(provider => select(provider.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value));
    }
}
