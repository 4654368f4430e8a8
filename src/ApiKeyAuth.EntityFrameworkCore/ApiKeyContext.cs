using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore;

/// <summary>A context of API keys alone, with migrations that a package brings.</summary>
public abstract class ApiKeyContext : DbContext
{
    /// <summary>Takes the options of the deriving context.</summary>
    protected ApiKeyContext(DbContextOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseApiKeyAuth();
}
