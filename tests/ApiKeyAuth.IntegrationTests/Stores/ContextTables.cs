using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Empties the tables of a context between tests, which is faster than creating them again.</summary>
internal static class ContextTables
{
    // Secrets and usage are deleted with their keys.
    private static readonly string[] Names =
        [
            "ApiKeyAuthKeys", "ApiKeyAuthUsageBatches", "ApiKeyAuthQuotas", "ApiKeyAuthAudit", "ApiKeyAuthAlertSettings",
            "ApiKeyAuthAlerts", "ApiKeyAuthAlertDeliveries", "ApiKeyAuthAlertHistory", "ApiKeyAuthMemberCount",
        ];

    public static async Task EmptyAsync<TContext>(IDbContextFactory<TContext> contexts, string? schema = null)
        where TContext : DbContext
    {
        await using var context = await contexts.CreateDbContextAsync();
        foreach (var name in Names)
        {
#pragma warning disable EF1002, EF1003 // The names are these.
            await context.Database.ExecuteSqlRawAsync($"DELETE FROM {(schema is null ? "" : schema + ".")}\"{name}\"");
#pragma warning restore EF1002, EF1003
        }
    }
}
