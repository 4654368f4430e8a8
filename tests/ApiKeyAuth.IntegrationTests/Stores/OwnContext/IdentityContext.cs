using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Represents an app's context with users and API keys.</summary>
internal sealed class IdentityContext(DbContextOptions<IdentityContext> options) : IdentityDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseApiKeyAuth();
    }
}
