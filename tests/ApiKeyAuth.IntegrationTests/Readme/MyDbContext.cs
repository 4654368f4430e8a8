using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Readme;

/// <summary>Represents the database of an app that already has keys.</summary>
public sealed class MyDbContext(DbContextOptions<MyDbContext> options) : DbContext(options)
{
    public DbSet<KeyRow> Keys => Set<KeyRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<KeyRow>().HasIndex(row => row.Sha256).IsUnique();
}
