using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Tests.Caching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>Represents the services of an app with a real appsettings file that a test edits.</summary>
internal sealed class ConfiguredApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("apikeyauth");
    private readonly ServiceProvider _services;

    public ConfiguredApp(string keys, bool isDevelopment = false, bool watch = false)
    {
        Write(keys);
        Configuration = new ConfigurationBuilder().AddJsonFile(Path, optional: false, reloadOnChange: watch).Build();
        var formats = new ApiKeyFormats(new ApiKeyFormat());
        var hasher = new ApiKeyHasher([]);
        var catalog = new ScopeCatalog([new ScopeDefinition { Name = "a:read" }, new ScopeDefinition { Name = "a:write" }]);
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSingleton(TimeProvider.System).AddSingleton(new ApiKeyCacheOptions()).AddSingleton(hasher).AddSingleton(catalog);
        services.AddSingleton<ApiKeyMetrics>().AddSingleton<ApiKeyLoader>().AddSingleton(new CacheLease()).AddSingleton<ApiKeyCache>();
        services.AddSingleton<IApiKeyCache>(provider => provider.GetRequiredService<ApiKeyCache>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConfigurationApiKeyStore>(
            provider, Configuration.GetSection("ApiKeyAuth:Keys"), () => new ConfiguredKeyReader(formats, hasher, catalog, isDevelopment)));
        services.AddSingleton<IApiKeyStore>(provider => provider.GetRequiredService<ConfigurationApiKeyStore>());
        _services = services.BuildServiceProvider();
        Store = _services.GetRequiredService<ConfigurationApiKeyStore>();
        Store.Changed += Cache.InvalidateAll;
    }

    public IConfigurationRoot Configuration { get; }

    public ConfigurationApiKeyStore Store { get; }

    public ApiKeyCache Cache => _services.GetRequiredService<ApiKeyCache>();

    public LogCapture Log { get; } = new();

    public string Path => System.IO.Path.Combine(_folder.FullName, "appsettings.json");

    public static string Hash(string secret) => new ApiKeyHasher([]).Hash(secret).Format();

    /// <summary>Formats a key as JSON, with the hash of a secret.</summary>
    public static string Key(string id, string secret, string more = "") =>
        $$"""{ "Id": "{{id}}", "Hash": "{{Hash(secret)}}"{{more}} }""";

    /// <summary>Replaces the file atomically, as editors do.</summary>
    public void Write(string keys) =>
        WriteText($$"""{ "ApiKeyAuth": { "Keys": {{keys}} } }""");

    public void WriteText(string text)
    {
        var next = Path + ".next";
        File.WriteAllText(next, text);
        File.Move(next, Path, overwrite: true);
    }

    public void Edit(string keys)
    {
        Write(keys);
        Configuration.Reload();
    }

    /// <summary>Finds a key with the cache, and describes the result.</summary>
    public async Task<string> OutcomeAsync(string secret)
    {
        var lookup = await CacheRig.FindAsync(Cache, TimeProvider.System, secret);
        return CacheRig.Describe(lookup);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        (Configuration as IDisposable)?.Dispose();
        _folder.Delete(recursive: true);
    }
}
