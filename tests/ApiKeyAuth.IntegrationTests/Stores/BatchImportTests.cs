using System.Security.Cryptography;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests imports of many keys into a store that adds them together.</summary>
internal sealed class BatchImportTests
{
    private SqliteFile _file = null!;

    [SetUp]
    public void Create() => _file = new SqliteFile();

    [TearDown]
    public void Delete() => _file.Dispose();

    [Test]
    public async Task Import_SomeKeysAreTaken_AddsTheOthersInOneBatch([Values] bool hasQuota)
    {
        await using var host = await StartAsync(hasQuota);
        var first = NewKey("k1");
        ImportedApiKey[] keys =
        [
            first, NewKey("k2") with { Hash = first.Hash }, NewKey("k1"), NewKey("k3"),
            NewKey("k4") with { Hash = "none" }, NewKey("k5") with { AdditionalHashes = [NewHash(), first.Hash] },
        ];

        var checkedKeys = await ManageAsync(host, manager => manager.CheckImportAsync(ApiKeyCaller.System, keys));
        Assert.That(await host.Store.CountAsync(new ApiKeyFilter { AllTenants = true }, default), Is.Zero);
        var imported = await ManageAsync(host, manager => manager.ImportAsync(ApiKeyCaller.System, keys));

        string?[] expected =
        [
            null, ApiKeyErrorCodes.Conflict, ApiKeyErrorCodes.Conflict, null, ApiKeyErrorCodes.InvalidRequest, ApiKeyErrorCodes.Conflict,
        ];
        Assert.That(imported.Select(result => result.Error?.Code), Is.EqualTo(expected));
        Assert.That(checkedKeys.Select(result => result.Error?.Code), Is.EqualTo(expected));
        var stored = await host.Store.ListAsync(new ApiKeyFilter { AllTenants = true }, default);
        Assert.That(stored.Select(key => key.Id), Is.EquivalentTo(new[] { "k1", "k3" }));
        var audit = await host.Store.ListAuditAsync(new ApiKeyAuditFilter { AllTenants = true }, default);
        Assert.That(audit.Select(entry => (entry.KeyId, entry.Action)), Is.EquivalentTo(new[] { ("k1", "import"), ("k3", "import") }));
    }

    [Test]
    public async Task Import_MoreThanOneBatch_ReturnsOneResultPerKeyInOrder()
    {
        await using var host = await StartAsync(hasQuota: false);
        ImportedApiKey[] keys = [.. Enumerable.Range(0, 2_201).Select(index => NewKey($"k{index}"))];

        var imported = await ManageAsync(host, manager => manager.ImportAsync(ApiKeyCaller.System, keys));
        var again = await ManageAsync(host, manager => manager.ImportAsync(ApiKeyCaller.System, keys));

        Assert.That(imported.Select(result => result.Value?.Id), Is.EqualTo(keys.Select(key => key.Id)));
        Assert.That(again, Has.All.Property(nameof(ApiKeyResult<ApiKey>.Succeeded)).False);
        Assert.That(await host.Store.CountAsync(new ApiKeyFilter { AllTenants = true }, default), Is.EqualTo(keys.Length));
    }

    [Test]
    public async Task Import_DisabledKeyWithTwoHashes_KeepsBoth()
    {
        await using var host = await StartAsync(hasQuota: false);
        var key = NewKey("k1") with { AdditionalHashes = [NewHash()], Enabled = false };

        var imported = await ManageAsync(host, manager => manager.ImportAsync(ApiKeyCaller.System, [key, NewKey("k2")]));

        Assert.That(imported[0].Value!.GetStatus(TimeProvider.System.GetUtcNow()), Is.EqualTo(ApiKeyStatus.Disabled));
        var stored = (await host.Store.GetAsync("k1", default))!;
        Assert.That(
            stored.Secrets.Select(secret => (secret.Hash.Format(), secret.ExpiresAt)),
            Is.EqualTo(new[] { ("sha256:" + key.Hash, (DateTimeOffset?)null), ("sha256:" + key.AdditionalHashes[0], null) }));
    }

    [Test]
    public async Task Import_HashOfAnUnknownPepper_IsAProblem()
    {
        await using var host = await StartAsync(hasQuota: false);

        ImportedApiKey[] keys =
        [
            NewKey("k1") with { Hash = $"hmac-sha256:p1:{NewHash()}" },
            NewKey("k2") with { Hash = $"sha256:{NewHash()}" },
        ];

        var imported = await ManageAsync(host, manager => manager.ImportAsync(ApiKeyCaller.System, keys));

        Assert.That(imported[0].Error!.Fields, Does.ContainKey("hash"));
        Assert.That(imported[1].Succeeded);
    }

    private static string NewHash() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static ImportedApiKey NewKey(string id) => new() { Id = id, Hash = NewHash(), Key = new NewApiKey { Name = id } };

    private static async Task<IReadOnlyList<ApiKeyResult<ApiKey>>> ManageAsync(
        StoreHost host, Func<ApiKeyManager, Task<IReadOnlyList<ApiKeyResult<ApiKey>>>> act)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<ApiKeyManager>());
    }

    private async Task<StoreHost> StartAsync(bool hasQuota)
    {
        var host = new StoreHost(builder =>
        {
            builder.AddSqlite(_file.ConnectionString);
            if (hasQuota)
            {
                builder.Services.Configure<ApiKeyAuthOptions>(options => options.Management.MaxKeysPerTenant = 100);
            }
        });
        await host.Services.MigrateApiKeysAsync();
        return host;
    }
}
