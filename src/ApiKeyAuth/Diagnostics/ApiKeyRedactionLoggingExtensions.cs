using ApiKeyAuth.Diagnostics.Redaction;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.Logging;

/// <summary>Provides a method that masks API keys in the log entries of an app.</summary>
public static class ApiKeyRedactionLoggingExtensions
{
    /// <summary>
    /// Masks keys in the messages, values, scopes and exceptions of all log entries, also those of other libraries, before a provider
    /// receives them.
    /// </summary>
    /// <remarks>
    /// The keys are those of the app's formats; the limitations of <see cref="ApiKeyFormats.Redact"/> apply. Every enabled entry is
    /// searched. Call the method after another library has replaced the <see cref="ILoggerFactory"/>. The library's own entries never
    /// contain keys.
    /// </remarks>
    /// <param name="builder">The logging builder.</param>
    public static ILoggingBuilder AddApiKeyRedaction(this ILoggingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(LogRedactor)))
        {
            return builder;
        }

        var key = new object();
        services.Add(WithKey(services.Last(descriptor => descriptor.ServiceType == typeof(ILoggerFactory)), key));
        services.AddSingleton(provider => new LogRedactor(provider.GetService<ApiKeyFormats>));
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new RedactingLoggerFactory(
            provider.GetRequiredKeyedService<ILoggerFactory>(key), provider.GetRequiredService<LogRedactor>())));
        return builder;
    }

    private static ServiceDescriptor WithKey(ServiceDescriptor descriptor, object key) =>
        descriptor.ImplementationInstance is { } instance ? new ServiceDescriptor(descriptor.ServiceType, key, instance)
        : descriptor.ImplementationFactory is { } factory
            ? new ServiceDescriptor(descriptor.ServiceType, key, (provider, _) => factory(provider), descriptor.Lifetime)
        : new ServiceDescriptor(descriptor.ServiceType, key, descriptor.ImplementationType!, descriptor.Lifetime);
}
