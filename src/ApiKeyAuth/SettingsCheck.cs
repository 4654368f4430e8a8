using ApiKeyAuth.Authentication;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth;

/// <summary>Finds everything that is wrong with the settings: those of the keys, of every scheme, and the configured keys themselves.</summary>
internal sealed class SettingsCheck(IServiceProvider services)
{
    /// <summary>Finds the problems, and whether the options are among what is right.</summary>
    public (List<string> Problems, bool HasOptions) Find()
    {
        var problems = new List<string>();
        if (Try(() => services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value, problems) is not { } options)
        {
            FindApart(problems);
            return (problems, HasOptions: false);
        }

        var schemes = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        foreach (var scheme in options.Schemes)
        {
            Try(() => schemes.Get(scheme), problems);
        }

        Try(() => services.GetRequiredService<IOptions<AuthenticationOptions>>().Value, problems);
        if (Try(() => services.GetService<ConfigurationApiKeyStore>(), problems) is not null || problems.Count == 0)
        {
            Try(() => services.GetService<FixedApiKeyStore>(), problems);
        }

        return (problems, HasOptions: true);
    }

    /// <summary>Runs what may find problems, and adds them.</summary>
    public static T? Try<T>(Func<T> get, List<string> problems)
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
            problems.Add(SettingProblems.Of(exception));
        }

        return null;
    }

    /// <summary>With the options wrong nothing can be made that depends on them; schemes and keys are read apart, so that one start tells all.</summary>
    private void FindApart(List<string> problems)
    {
        var options = Unchecked<ApiKeyAuthOptions>(Options.DefaultName);
        var formats = IsRight(() => new ApiKeyFormats(options.Format, options.AcceptedFormats));
        var validator = new ApiKeySchemeValidator(options.SchemesPath, formats?.Environments());
        foreach (var scheme in options.Schemes)
        {
            problems.AddRange(validator.Validate(scheme, Unchecked<ApiKeySchemeOptions>(scheme)).Failures ?? []);
        }

        if (services.GetServices<IConfigureOptions<ApiKeyAuthOptions>>().OfType<ApiKeyAuthSettings>().FirstOrDefault() is { } settings)
        {
            var keys = new ConfiguredKeys(
                formats,
                IsRight(() => new ApiKeyHasher(options.Peppers, options.AcceptUnpepperedHashes)),
                IsRight(() => new ScopeCatalogue(options.Scopes)) ?? ScopeCatalogue.Empty,
                services.GetRequiredService<IHostEnvironment>().IsDevelopment());
            problems.AddRange(ConfigurationApiKeyStore.Read(settings.Keys, keys, settings.Providers.Read()).Problems);
        }
    }

    private T Unchecked<T>(string name)
        where T : class, new() =>
        new OptionsFactory<T>(services.GetServices<IConfigureOptions<T>>(), services.GetServices<IPostConfigureOptions<T>>()).Create(name);

    private static T? IsRight<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            // Its own check has told why.
            return null;
        }
    }
}
