using ApiKeyAuth;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides an extension method that adds API keys to an app.</summary>
public static class ApiKeyAuthHostApplicationBuilderExtensions
{
    /// <summary>Adds API keys, with settings and keys from the section <c>ApiKeyAuth</c> of the app's configuration.</summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Configures the options after the settings. The default is null, for the settings alone.</param>
    /// <returns>A builder that adds stores, schemes and more.</returns>
    /// <exception cref="InvalidOperationException">An earlier call was given another section.</exception>
    public static ApiKeyAuthBuilder AddApiKeyAuth(this IHostApplicationBuilder builder, Action<ApiKeyAuthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services.AddApiKeyAuth(builder.Configuration, configure);
    }
}
