using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Configuration;

/// <summary>Provides a method for hosted services, which start before the check at startup.</summary>
internal static class OptionsAvailabilityExtensions
{
    /// <summary>Determines whether options are available.</summary>
    /// <returns>
    /// <see langword="false"/> if they are invalid or a delegate of the app failed. The check at startup then reports it together with all
    /// other problems, and without the value that the message of a binder contains.
    /// </returns>
    public static bool HasOptions<TOptions>(this IServiceProvider services)
        where TOptions : class
    {
        try
        {
            services.GetRequiredService<TOptions>();
            return true;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            return false;
        }
    }
}
