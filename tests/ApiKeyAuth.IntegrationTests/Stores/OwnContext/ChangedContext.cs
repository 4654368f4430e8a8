using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Represents an app's context that changes the tables of API keys after <c>UseApiKeyAuth()</c>.</summary>
/// <typeparam name="TChange">The change. EF Core caches one model per type of context.</typeparam>
internal sealed class ChangedContext<TChange>(DbContextOptions<ChangedContext<TChange>> options) : DbContext(options)
    where TChange : IModelChange, new()
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => new TChange().Apply(modelBuilder.UseApiKeyAuth());
}
