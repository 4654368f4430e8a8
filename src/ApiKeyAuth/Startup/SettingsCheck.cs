using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores.Configured;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Finds all problems with the settings: those of the library, of every scheme, and of the configured keys.</summary>
internal sealed class SettingsCheck(IServiceProvider services)
{
    /// <summary>Returns the problems, and whether the options could be created.</summary>
    public (List<string> Problems, bool HasOptions) FindProblems()
    {
        var problems = new List<string>();
        if (services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AlertEvaluator)))
        {
            TryGet(() => services.GetRequiredService<ApiKeyAlertOptions>(), problems);
        }

        if (TryGet(() => services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value, problems) is not { } options)
        {
            FindProblemsIndividually(problems);
            return (problems, HasOptions: false);
        }

        var schemes = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        foreach (var scheme in options.Schemes)
        {
            TryGet(() => schemes.Get(scheme), problems);
        }

        TryGet(() => services.GetRequiredService<IOptions<AuthenticationOptions>>().Value, problems);
        if (TryGet(() => services.GetService<ConfigurationApiKeyStore>(), problems) is not null || problems.Count == 0)
        {
            TryGet(() => services.GetService<FixedApiKeyStore>(), problems);
        }

        return (problems, HasOptions: true);
    }

    /// <summary>Creates a value. If its settings are invalid, the problems are added and null is returned.</summary>
    public static T? TryGet<T>(Func<T> get, List<string> problems)
        where T : class?
    {
        try
        {
            return get();
        }
        catch (OptionsValidationException exception)
        {
            problems.AddRange(exception.Failures);
        }
        catch (InvalidOperationException exception)
        {
            problems.Add(SettingProblems.FromException(exception));
        }

        return null;
    }

    /// <summary>Validates schemes and keys separately, because nothing that depends on invalid options can be created.</summary>
    private void FindProblemsIndividually(List<string> problems)
    {
        var options = CreateWithoutValidation<ApiKeyAuthOptions>(Options.DefaultName);
        var formats = TryCreate(() => new ApiKeyFormats(options.Format, options.AcceptedFormats));
        var validator = new ApiKeySchemeOptionsValidator(options.SchemesPath, formats?.GetEnvironments());
        foreach (var scheme in options.Schemes)
        {
            problems.AddRange(validator.Validate(scheme, CreateWithoutValidation<ApiKeySchemeOptions>(scheme)).Failures ?? []);
        }

        if (services.GetServices<IConfigureOptions<ApiKeyAuthOptions>>().OfType<ApiKeyAuthOptionsSetup>().FirstOrDefault() is { } settings)
        {
            var keys = new ConfiguredKeyReader(
                formats,
                TryCreate(() => new ApiKeyHasher(options.Peppers, options.AcceptUnpepperedHashes)),
                TryCreate(() => new ScopeCatalog(options.Scopes)) ?? ScopeCatalog.Empty,
                services.GetRequiredService<IHostEnvironment>().IsDevelopment());
            problems.AddRange(ConfigurationApiKeyStore.ReadKeys(settings.KeysSection, keys, settings.Providers.ReadLayers()).Problems);
        }
    }

    private T CreateWithoutValidation<T>(string name)
        where T : class, new() =>
        new OptionsFactory<T>(services.GetServices<IConfigureOptions<T>>(), services.GetServices<IPostConfigureOptions<T>>()).Create(name);

    private static T? TryCreate<T>(Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (ArgumentException)
        {
            // The problem was reported by the validation of the options.
            return null;
        }
    }
}
