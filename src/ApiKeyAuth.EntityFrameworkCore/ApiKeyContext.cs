using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore;

/// <summary>Provides the base class of contexts that contain only API keys and whose migrations are part of a package.</summary>
public abstract class ApiKeyContext : DbContext
{
    /// <summary>Initializes a new instance with the options of the derived context.</summary>
    /// <param name="options">The options.</param>
    protected ApiKeyContext(DbContextOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseApiKeyAuth();
}
