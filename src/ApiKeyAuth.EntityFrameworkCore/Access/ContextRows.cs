using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Queries rows without tracking and without the query filters of the app's context.</summary>
internal static class ContextRows
{
    private const string SqliteProviderName = "Microsoft.EntityFrameworkCore.Sqlite";

    public static IQueryable<TRow> Rows<TRow>(this DbContext context)
        where TRow : class =>
        context.Set<TRow>().AsNoTracking().IgnoreQueryFilters();

    /// <summary>Determines whether a context uses SQLite.</summary>
    public static bool IsSqlite(this DbContext context) => context.Database.ProviderName == SqliteProviderName;
}
