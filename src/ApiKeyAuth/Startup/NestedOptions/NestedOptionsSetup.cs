using ApiKeyAuth.Configuration;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup.NestedOptions;

/// <summary>
/// Reads a nested object from its section before the delegates for the whole, and applies what the app registered for its type after them.
/// </summary>
internal sealed class NestedOptionsSetup<TOptions>(
    Func<ApiKeyAuthOptions, TOptions> select,
    SectionOptionsSetup<TOptions> section,
    IEnumerable<IConfigureOptions<TOptions>> setups,
    IEnumerable<IPostConfigureOptions<TOptions>> postSetups,
    IEnumerable<IValidateOptions<TOptions>> validators)
    : IConfigureOptions<ApiKeyAuthOptions>, IPostConfigureOptions<ApiKeyAuthOptions>, IValidateOptions<ApiKeyAuthOptions>
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public void Configure(ApiKeyAuthOptions options) => section.Configure(select(options));

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
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiKeyAuthOptions options)
    {
        var nested = select(options);
        string[] problems = [.. validators.SelectMany(validator => validator.Validate(Options.DefaultName, nested).Failures ?? [])];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
