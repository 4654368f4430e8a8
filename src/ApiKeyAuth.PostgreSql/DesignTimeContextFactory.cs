using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ApiKeyAuth.PostgreSql;

/// <summary>Makes the context for <c>dotnet ef migrations add</c>, which opens no database.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ApiKeyPostgreSqlContext>
{
    public ApiKeyPostgreSqlContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ApiKeyPostgreSqlContext>().UseNpgsql("Host=localhost;Database=design").Options);
}
