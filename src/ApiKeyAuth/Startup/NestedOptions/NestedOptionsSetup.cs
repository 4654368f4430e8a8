using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup.NestedOptions;

/// <summary>
/// Applies what the app registered for the type of a nested object, after the settings and the delegates for the whole. What its
/// validators find is reported together with all other problems.
/// </summary>
internal sealed class NestedOptionsSetup<TOptions>(
    Func<ApiKeyAuthOptions, TOptions> select,
    IEnumerable<IConfigureOptions<TOptions>> setups,
    IEnumerable<IPostConfigureOptions<TOptions>> postSetups,
    IEnumerable<IValidateOptions<TOptions>> validators)
    : IPostConfigureOptions<ApiKeyAuthOptions>
    where TOptions : class
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, ApiKeyAuthOptions options)
    {
        var nested = select(options);
        foreach (var setup in setups)
        {
            if (setup is IConfigureNamedOptions<TOptions> named)
            {
                named.Configure(Options.DefaultName, nested);
            }
            else
            {
                setup.Configure(nested);
            }
        }

        foreach (var setup in postSetups)
        {
            setup.PostConfigure(Options.DefaultName, nested);
        }

        foreach (var failure in validators.SelectMany(validator => validator.Validate(Options.DefaultName, nested).Failures ?? []))
        {
            options.ConfigurationProblems.Add(failure);
        }
    }
}
