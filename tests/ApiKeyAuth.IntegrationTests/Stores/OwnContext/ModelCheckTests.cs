using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>A context that changes the tables of API keys stops the start, and the message names the difference.</summary>
internal sealed class ModelCheckTests
{
    private static readonly TestCaseData[] Changes =
    [
        Case<Shorter>(
            "ApiKeyAuthAlertDeliveries.Target has a maximum length of 50 instead of 200",
            "ApiKeyAuthAlertDeliveries.Alert has a maximum length of 50 instead of none", "; and 37 more."),
        Case<OtherCollation>("ApiKeyAuthKeys.TenantId has the collation NOCASE instead of the database's"),
        Case<Converted>("ApiKeyAuthKeys.OwnerId has a value conversion"),
        Case<OtherType>("ApiKeyAuthSecrets.Hint has the column type char(4) of the app"),
        Case<Without>("ApiKeyAuthKeys.Metadata is missing", "ApiKeyAuthQuotas is missing"),
        Case<OtherKey>("ApiKeyAuthUsageScopes has the key (Scope, KeyId) instead of (KeyId, Scope)"),
    ];

    [TestCaseSource(nameof(Changes))]
    public void Start_ContextChangesTheTables_NamesTheDifference(Func<bool, Task> start, string[] expected)
    {
        foreach (var migrate in new[] { false, true })
        {
            var failure = Assert.ThrowsAsync<InvalidOperationException>(() => start(migrate));
            Assert.That(failure!.Message, Does.StartWith("The model of ChangedContext").And.Contain("Call UseApiKeyAuth() last"));
            Assert.That(expected.Where(text => !failure.Message.Contains(text, StringComparison.Ordinal)), Is.Empty, failure.Message);
        }
    }

    private static TestCaseData Case<TChange>(params string[] expected)
        where TChange : IModelChange, new() =>
        new((Func<bool, Task>)StartAsync<TChange>, expected) { TestName = "{m}(" + typeof(TChange).Name + ")" };

    private static async Task StartAsync<TChange>(bool migrate)
        where TChange : IModelChange, new()
    {
        using var file = new SqliteFile();
        await StartedHost.RunAsync(builder =>
        {
            builder.Services.AddPooledDbContextFactory<ChangedContext<TChange>>(options => options.UseSqlite(file.ConnectionString));
            builder.AddEntityFrameworkStore<ChangedContext<TChange>>();
            if (migrate)
            {
                builder.MigrateOnStartup();
            }
        });
    }

    private static IMutableEntityType Table(ModelBuilder model, string name) =>
        model.Model.GetEntityTypes().Single(table => table.GetTableName() == name);

    private sealed class Shorter : IModelChange
    {
        public void Apply(ModelBuilder model)
        {
            var properties = model.Model.GetEntityTypes().SelectMany(table => table.GetProperties());
            foreach (var property in properties.Where(property => property.ClrType == typeof(string)))
            {
                property.SetMaxLength(50);
            }
        }
    }

    private sealed class OtherCollation : IModelChange
    {
        public void Apply(ModelBuilder model) => Table(model, "ApiKeyAuthKeys").GetProperty("TenantId").SetCollation("NOCASE");
    }

    private sealed class Converted : IModelChange
    {
        public void Apply(ModelBuilder model) => Table(model, "ApiKeyAuthKeys").GetProperty("OwnerId")
            .SetValueConverter(new ValueConverter<string, string>(text => text.Trim(), text => text));
    }

    private sealed class OtherType : IModelChange
    {
        public void Apply(ModelBuilder model) => Table(model, "ApiKeyAuthSecrets").GetProperty("Hint").SetColumnType("char(4)");
    }

    private sealed class Without : IModelChange
    {
        public void Apply(ModelBuilder model)
        {
            var keys = Table(model, "ApiKeyAuthKeys");
            keys.RemoveProperty("Metadata");
            keys.AddIgnored("Metadata");
            model.Model.RemoveEntityType(Table(model, "ApiKeyAuthQuotas"));
        }
    }

    private sealed class OtherKey : IModelChange
    {
        public void Apply(ModelBuilder model)
        {
            var scopes = Table(model, "ApiKeyAuthUsageScopes");
            scopes.SetPrimaryKey([scopes.GetProperty("Scope"), scopes.GetProperty("KeyId")]);
        }
    }
}
