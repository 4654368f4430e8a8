using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Represents an app's context whose conventions fit only its own tables.</summary>
internal sealed class ConventionContext(DbContextOptions<ConventionContext> options) : DbContext(options)
{
    private static readonly string[] Names =
    [
        "Secrets", "UsageHistory", "UsageScopes", "Usage", "AlertSettings", "Keys", "UsageBatches", "Quotas", "Audit", "Alerts",
        "AlertDeliveries", "MemberCount",
    ];

    /// <summary>Empties the tables, dependent ones first, because deletes do not cascade.</summary>
    public static async Task EmptyAsync(IDbContextFactory<ConventionContext> contexts)
    {
        await using var context = await contexts.CreateDbContextAsync();
        foreach (var name in Names)
        {
#pragma warning disable EF1002, EF1003 // The names are these.
            await context.Database.ExecuteSqlRawAsync($"DELETE FROM \"ApiKeyAuth{name}\"");
#pragma warning restore EF1002, EF1003
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<string>().HaveMaxLength(50).HaveConversion<Upper>().HaveColumnType("varchar(40)").AreUnicode(false);
        configurationBuilder.Properties<bool>().HaveConversion<string>();
        configurationBuilder.Properties<long>().HaveConversion<double>();
        configurationBuilder.Properties<byte[]>().HaveMaxLength(8);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseApiKeyAuth();
        foreach (var foreignKey in modelBuilder.Model.GetEntityTypes().SelectMany(table => table.GetForeignKeys()))
        {
            foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
        }
    }

    private sealed class Upper() : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<string, string>(
        text => text.ToUpperInvariant(), text => text);
}
