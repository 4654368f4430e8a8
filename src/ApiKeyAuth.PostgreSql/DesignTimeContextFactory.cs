using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ApiKeyAuth.PostgreSql;

/// <summary>Creates the context for <c>dotnet ef migrations add</c>, which does not connect to a database.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ApiKeyPostgreSqlContext>
{
    public ApiKeyPostgreSqlContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ApiKeyPostgreSqlContext>().UseNpgsql("Host=localhost;Database=design").Options);
}
