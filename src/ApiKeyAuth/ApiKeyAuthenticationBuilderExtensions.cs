using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that add schemes for API keys to the authentication of an app.</summary>
/// <remarks>
/// Each call also adds what <c>AddApiKeyAuth()</c> adds. To read settings or to add stores, call <c>AddApiKeyAuth()</c> too, before or
/// after.
/// </remarks>
public static class ApiKeyAuthenticationBuilderExtensions
{
    /// <summary>Adds the scheme <see cref="ApiKeyDefaults.AuthenticationScheme"/> with its defaults.</summary>
    /// <param name="builder">The authentication of the app.</param>
    public static AuthenticationBuilder AddApiKey(this AuthenticationBuilder builder) =>
        builder.AddApiKey(ApiKeyDefaults.AuthenticationScheme, static _ => { });

    /// <summary>Adds the scheme <see cref="ApiKeyDefaults.AuthenticationScheme"/>.</summary>
    /// <param name="builder">The authentication of the app.</param>
    /// <param name="configureOptions">Configures the scheme.</param>
    public static AuthenticationBuilder AddApiKey(this AuthenticationBuilder builder, Action<ApiKeySchemeOptions> configureOptions) =>
        builder.AddApiKey(ApiKeyDefaults.AuthenticationScheme, configureOptions);

    /// <summary>Adds a scheme, or configures one that the settings name.</summary>
    /// <param name="builder">The authentication of the app.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configureOptions">Configures the scheme after the settings.</param>
    public static AuthenticationBuilder AddApiKey(
        this AuthenticationBuilder builder, string authenticationScheme, Action<ApiKeySchemeOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureOptions);
        builder.Services.AddApiKeyAuth().AddScheme(authenticationScheme, configureOptions);
        return builder;
    }
}
