using ApiKeyAuth.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests startup with a SQLite file in which a killed process left the lock of the migrations.</summary>
internal sealed class MigrationLockTests
{
    private const string Statement = "DELETE FROM \"__EFMigrationsLock\";";
    private const int Waiting = 2002;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private SqliteFile _file = null!;

    [SetUp]
    public void Create() => _file = new SqliteFile();

    [TearDown]
    public void Delete() => _file.Dispose();

    [Test]
    public async Task Start_LockLeftBehindAndNothingPending_Starts()
    {
        await StartAsync(keys => keys.AddSqlite(_file.ConnectionString, migrate: true), new FakeTimeProvider());
        await LeaveLockAsync();

        using var log = new LogCapture();
        await StartAsync(keys => keys.AddSqlite(_file.ConnectionString, migrate: true), new FakeTimeProvider(), log).WaitAsync(Deadline);
        Assert.That(log.Warnings, Is.Empty);
    }

    [Test]
    public async Task Start_LockLeftBehindAndMigrationsPending_StopsAfterTheTimeoutAndNamesTheStatement()
    {
        await LeaveLockAsync();
        var clock = new FakeTimeProvider();
        using var log = new LogCapture();
        var starting = StartAsync(keys => keys.AddSqlite(_file.ConnectionString, migrate: true), clock, log);
        await AdvanceUntilAsync(clock, starting);

        Assert.That(async () => await starting, Throws.InvalidOperationException.With.Message.Contains(Statement));
        Assert.That(log.Warnings.Select(entry => entry.EventId), Is.EqualTo(new[] { Waiting }));
        Assert.That(log.Warnings.Single().Message, Does.Contain(Statement).And.Contain(nameof(ApiKeySqliteContext)));

        // The statement in the message releases the lock.
        await ExecuteAsync(Statement);
        await StartAsync(keys => keys.AddSqlite(_file.ConnectionString, migrate: true), clock).WaitAsync(Deadline);
    }

    [Test]
    public async Task Start_LockReleased_Migrates()
    {
        await LeaveLockAsync();
        var clock = new FakeTimeProvider();
        using var log = new LogCapture();
        var starting = StartAsync(keys => keys.AddSqlite(_file.ConnectionString, migrate: true), clock, log);
        while (log.Warnings.Count == 0)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(starting, Task.Delay(10));
        }

        await ExecuteAsync(Statement);
        await starting.WaitAsync(Deadline);
        Assert.That(log.Warnings.Select(entry => entry.EventId), Is.EqualTo(new[] { Waiting }));
    }

    [Test]
    public async Task Start_HostContextWithoutMigrationsAndTables_RequestsAMigration()
    {
        await LeaveLockAsync();
        var starting = StartAsync(
            keys =>
            {
                keys.Services.AddPooledDbContextFactory<BareContext>(options => options.UseSqlite(_file.ConnectionString));
                keys.AddEntityFrameworkStore<BareContext>(migrate: true);
            },
            new FakeTimeProvider());
        await Task.WhenAny(starting, Task.Delay(Deadline));

        Assert.That(async () => await starting, Throws.InvalidOperationException.With.Message.Contains("add a migration to BareContext"));
    }

    private static async Task StartAsync(Action<ApiKeyAuthBuilder> addStore, TimeProvider clock, LogCapture? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(clock);
        addStore(builder.Services.AddApiKeyAuth());
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        await app.StartAsync();
        await app.StopAsync();
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Task done)
    {
        while (!done.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(done, Task.Delay(10));
        }
    }

    /// <summary>Acquires the lock as EF Core does before it migrates, and does not release it.</summary>
    private Task LeaveLockAsync() => ExecuteAsync(
        """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
        INSERT INTO "__EFMigrationsLock"("Id", "Timestamp") VALUES(1, '2026-01-01 00:00:00+00:00');
        """);

    private async Task ExecuteAsync(string text)
    {
        await using var connection = new SqliteConnection(_file.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqliteCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class BareContext(DbContextOptions<BareContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseApiKeyAuth();
    }
}
