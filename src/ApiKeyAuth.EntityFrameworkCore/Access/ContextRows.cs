using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Rows as they are, whatever the host's context does with its own.</summary>
internal static class ContextRows
{
    public static IQueryable<TRow> Rows<TRow>(this DbContext context)
        where TRow : class =>
        context.Set<TRow>().AsNoTracking().IgnoreQueryFilters();
}
