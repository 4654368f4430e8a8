using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ApiKeyAuth.Sqlite;

/// <summary>Makes the context for <c>dotnet ef migrations add</c>, which opens no database.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ApiKeySqliteContext>
{
    public ApiKeySqliteContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ApiKeySqliteContext>().UseSqlite("Data Source=design.db").Options);
}
