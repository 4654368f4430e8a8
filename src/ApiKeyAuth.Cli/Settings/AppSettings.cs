using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Cli.Settings;

/// <summary>Represents what an app's settings say about its keys: formats, peppers and scopes.</summary>
internal sealed class AppSettings : IDisposable
{
    private readonly ServiceProvider _services;

    private AppSettings(IConfigurationRoot configuration, string? file, string environment)
    {
        Configuration = configuration;
        File = file;
        Files = file is null ? [] :
            [.. new[] { file, SettingsFiles.GetPathOfEnvironment(file, environment) }.Where(System.IO.File.Exists)];
        var services = CreateServices(configuration, environment);
        AddApiKeyAuth(services, configuration);
        _services = services.BuildServiceProvider();
    }

    public IConfigurationRoot Configuration { get; }

    /// <summary>Gets the file, or null if there is none and the defaults apply.</summary>
    public string? File { get; }

    /// <summary>Gets the files of the settings that belong to the app, and not to its developer.</summary>
    public IReadOnlyList<string> Files { get; }

    public ApiKeyFormats Formats => Get<ApiKeyFormats>();

    public ApiKeyHasher Hasher => Get<ApiKeyHasher>();

    public ScopeCatalog Catalog => Get<ScopeCatalog>();

    /// <summary>Reads the settings of an app, in the environment of the variables if none is passed.</summary>
    /// <exception cref="ToolException">The file does not exist or is not valid JSON.</exception>
    public static AppSettings Read(ToolConsole console, string? path, string? environment = null)
    {
        var name = environment ?? SettingsFiles.GetEnvironment(console);
        var (configuration, file) = SettingsFiles.Read(console, path, name);
        return new AppSettings(configuration, file, name);
    }

    /// <summary>Creates the services that a host gives an app before it adds its own.</summary>
    public static IServiceCollection CreateServices(IConfiguration configuration, string environment) =>
        new ServiceCollection().AddLogging().AddSingleton(configuration)
            .AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });

    /// <summary>Adds the services of an app with these settings.</summary>
    public static ApiKeyAuthBuilder AddApiKeyAuth(IServiceCollection services, IConfiguration configuration)
    {
        // The timeout is for requests, and a command can wait longer.
        var builder = services.AddApiKeyAuth(configuration, static options => options.Cache.StoreTimeout = TimeSpan.FromMinutes(1));
        if (configuration.GetSection("ApiKeyAuth:Alerts").Exists())
        {
            builder.AddAlerts();
        }

        return builder;
    }

    public void Dispose() => _services.Dispose();

    private T Get<T>()
        where T : notnull
    {
        try
        {
            return _services.GetRequiredService<T>();
        }
        catch (OptionsValidationException exception)
        {
            throw new ToolException(
                $"The settings in {File} are not valid: {exception.Failures.First()} Run 'apikeyauth doctor {File}' for all problems.");
        }
    }
}
