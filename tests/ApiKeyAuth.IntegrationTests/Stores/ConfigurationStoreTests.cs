using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests the keys in the configuration as an app finds them.</summary>
internal sealed class ConfigurationStoreTests : ApiKeyLookupConformance
{
    private ServiceProvider? _services;

    protected override bool KeepsRevokedKeys => false;

    [TearDown]
    public async Task EndAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    protected override ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ApiKeyAuth:AcceptUnpepperedHashes"] = "true",
            ["ApiKeyAuth:Peppers:0:Id"] = "p1",
            ["ApiKeyAuth:Peppers:0:Secret"] = Convert.ToBase64String(new byte[32]),
        };
        foreach (var (number, key) in keys.Index())
        {
            Write(settings, $"ApiKeyAuth:Keys:{number}", key);
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IHostEnvironment>(
            new HostingEnvironment { EnvironmentName = Environments.Production });
        services.AddSingleton<IConfiguration>(configuration).AddApiKeyAuth(configuration.GetSection("ApiKeyAuth"));
        _services = services.BuildServiceProvider();
        return new(_services.GetServices<IApiKeyStore>().Single());
    }

    private static void Write(Dictionary<string, string?> settings, string path, ApiKey key)
    {
        settings[$"{path}:Id"] = key.Id;
        settings[$"{path}:Enabled"] = key.Enabled.ToString();
        settings[$"{path}:ExpiresAt"] = key.ExpiresAt?.ToString();
        foreach (var (number, secret) in key.Secrets.Index())
        {
            settings[$"{path}:Hashes:{number}"] = secret.Hash.Format();
        }

        foreach (var (number, scope) in key.Scopes.Index())
        {
            settings[$"{path}:Scopes:{number}"] = scope;
        }
    }
}
