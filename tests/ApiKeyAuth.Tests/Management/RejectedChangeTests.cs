using System.Data;
using System.Data.Common;

namespace ApiKeyAuth.Tests.Management;

/// <summary>A value that the store rejects is reported as 500; every other exception of a store is an outage.</summary>
public sealed class RejectedChangeTests
{
    private const string Secret = "Host=db;Password=hunter2";

    private static readonly TestCaseData[] Rejections =
    [
        new(new ConstraintException(Secret)) { TestName = "{m}(ConstraintException)" },
        new(new DatabaseException("22001")) { TestName = "{m}(length)" },
        new(new DatabaseException("23514")) { TestName = "{m}(constraint)" },
        new(new InvalidOperationException(Secret, new DatabaseException("23502"))) { TestName = "{m}(inner constraint)" },
        new(new ArgumentException(Secret, "key")) { TestName = "{m}(character)" },
    ];

    private static readonly TestCaseData[] Outages =
    [
        new(new DatabaseException("40001")) { TestName = "{m}(serialization)" },
        new(new DatabaseException("57P01")) { TestName = "{m}(shutdown)" },
        new(new DatabaseException(null)) { TestName = "{m}(no SQLSTATE)" },
        new(new DatabaseException("23000", isTransient: true)) { TestName = "{m}(transient)" },
        new(new TimeoutException(Secret)) { TestName = "{m}(timeout)" },
        new(new ArgumentException(Secret, "connectionString")) { TestName = "{m}(argument)" },
    ];

    [TestCaseSource(nameof(Rejections))]
    public async Task Create_StoreRejectsTheValue_Is500WithItsOwnEvent(Exception fault)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        Assert.That(await app.UseAsync(admin, "/any"), Is.EqualTo(200));
        app.Store.Fault = fault;
        var answer = await app.PostAsync("/api-keys", admin, """{"name":"n"}""");
        Assert.That((answer.Status, answer.Code, answer.Header("Retry-After")), Is.EqualTo((500, "internal_error", (string?)null)));
        var entry = app.App.Logs.Entries.Single(entry => entry.EventId is 50 or 53);
        Assert.That(entry.EventId, Is.EqualTo(53));
        Assert.That(answer.Body + entry.Text, Does.Not.Contain("hunter2"));
    }

    [TestCaseSource(nameof(Outages))]
    public async Task Create_StoreIsUnavailable_Is503WithRetryAfter(Exception fault)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        Assert.That(await app.UseAsync(admin, "/any"), Is.EqualTo(200));
        app.Store.Fault = fault;
        var answer = await app.PostAsync("/api-keys", admin, """{"name":"n"}""");
        Assert.That((answer.Status, answer.Code, answer.Header("Retry-After")), Is.EqualTo((503, "key_store_unavailable", "2")));
        Assert.That(app.App.Logs.Entries.Single(entry => entry.EventId is 50 or 53).EventId, Is.EqualTo(50));
    }

    private sealed class DatabaseException(string? state, bool isTransient = false) : DbException(Secret)
    {
        public override string? SqlState => state;

        public override bool IsTransient => isTransient;
    }
}
