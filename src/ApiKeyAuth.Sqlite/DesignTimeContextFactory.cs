using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ApiKeyAuth.Sqlite;

/// <summary>Creates the context for <c>dotnet ef migrations add</c>, which does not open a database.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ApiKeySqliteContext>
{
    public ApiKeySqliteContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ApiKeySqliteContext>().UseSqlite("Data Source=design.db").Options);
}
