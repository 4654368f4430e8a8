using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Stores.Configured;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Finds all problems with the settings: those of the library, of every scheme, and of the configured keys.</summary>
internal sealed class SettingsCheck(IServiceProvider services)
{
    /// <summary>Returns the problems, and whether the options are valid.</summary>
    /// <remarks>What depends on invalid options repeats their problems, so a problem may be in the list several times.</remarks>
    public (List<string> Problems, bool HasOptions) FindProblems()
    {
        var problems = new List<string>();
        if (services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AlertEvaluator)))
        {
            TryGet(() => services.GetRequiredService<ApiKeyAlertOptions>(), problems);
        }

        var hasOptions = TryGet(() => services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value, problems) is not null;
        var schemes = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        foreach (var scheme in TryGet(() => ApiKeyAuthOptionsSetup.GetEvenIfInvalid(services), problems)?.Schemes ?? [])
        {
            TryGet(() => schemes.Get(scheme), problems);
        }

        TryGet(() => services.GetRequiredService<IOptions<AuthenticationOptions>>().Value, problems);
        TryGet(() => services.GetService<ConfigurationApiKeyStore>(), problems);
        TryGet(() => services.GetService<FixedApiKeyStore>(), problems);
        return (problems, hasOptions);
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
}
