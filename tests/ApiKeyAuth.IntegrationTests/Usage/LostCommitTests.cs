using System.Data.Common;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Usage;

/// <summary>A database that commits a batch of usage but whose response is lost. The batch is sent again and counts once.</summary>
internal sealed class LostCommitTests
{
    [Test]
    public async Task AddUsage_AnswerOfTheCommitLost_CountsOnce()
    {
        using var file = new SqliteFile();
        var fault = new LostAnswers();
        await using var host = new StoreHost(builder =>
        {
            builder.Services.AddDbContextFactory<HostContextStoreTests.HostContext>(
                options => options.UseSqlite(file.ConnectionString).AddInterceptors(fault));
            builder.AddEntityFrameworkStore<HostContextStoreTests.HostContext>();
        });
        await using (var context = await host.Services.GetRequiredService<IDbContextFactory<HostContextStoreTests.HostContext>>().CreateDbContextAsync())
        {
            await context.Database.EnsureCreatedAsync();
        }

        var key = new ApiKey { Id = "key1", Secrets = [new() { Hash = new(new byte[ApiKeyHash.Length]) }] };
        await host.Store.AddAsync(
            key,
            [],
            new() { Id = Guid.CreateVersion7(), At = default, Action = "create", KeyId = key.Id, Actor = "system", Changes = "{}" },
            default);
        var use = new ApiKeyUsageRecord
        {
            KeyId = key.Id,
            Hash = key.Secrets[0].Hash,
            Count = 5,
            LastUsedAt = default,
            Hour = default,
            Outcome = ApiKeyUsageOutcomes.Success,
        };
        var batch = new ApiKeyUsageBatch { Id = Guid.CreateVersion7(), CreatedAt = default, Records = [use] };
        var store = (IApiKeyUsageStore)host.Store;

        fault.IsOn = true;
        Assert.That(async () => await store.AddUsageAsync(batch, default), Throws.InstanceOf<IOException>());
        fault.IsOn = false;
        Assert.That((await host.Store.GetAsync(key.Id, default))!.UsageCount, Is.EqualTo(5), "it was committed");
        await store.AddUsageAsync(batch, default);

        Assert.That((await host.Store.GetAsync(key.Id, default))!.UsageCount, Is.EqualTo(5));
    }

    private sealed class LostAnswers : DbTransactionInterceptor
    {
        public bool IsOn { get; set; }

        public override Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
            IsOn ? throw new IOException("The answer is lost.") : Task.CompletedTask;
    }
}
