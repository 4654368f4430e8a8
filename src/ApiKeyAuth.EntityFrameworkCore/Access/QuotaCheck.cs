using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Checks quotas, one addition per tenant at a time.</summary>
/// <remarks>
/// Writing to a row of the tenant locks it on every database until the transaction ends, so concurrent additions wait for one another.
/// Under serializable isolation, they would abort one another, and most would fail after a few retries.
/// </remarks>
internal static class QuotaCheck
{
    public static async Task<bool> IsQuotaReachedAsync(
        DbContext context, IReadOnlyList<ApiKeyQuota> quotas, CancellationToken cancellationToken)
    {
        foreach (var tenant in quotas.Select(quota => QuotaRow.FormatTenant(quota.TenantId)).Distinct().Order(StringComparer.Ordinal))
        {
            await LockTenantAsync(context, tenant, cancellationToken);
        }

        foreach (var quota in quotas)
        {
            var keys = context.Rows<KeyRow>().WhereTenant(quota.TenantId).Where(row => row.RevokedAt == null);
            if (quota.OwnerId is { } owner)
            {
                keys = keys.Where(row => row.OwnerId == owner);
            }

            if (await keys.LongCountAsync(cancellationToken) >= quota.Max)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task LockTenantAsync(DbContext context, string tenant, CancellationToken cancellationToken)
    {
        if (await context.Rows<QuotaRow>().Where(row => row.Tenant == tenant)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.Additions, old => old.Additions + 1), cancellationToken) > 0)
        {
            return;
        }

        // If two transactions find no row, the second violates the unique index after waiting, and is retried.
        context.Add(new QuotaRow { Tenant = tenant, Additions = 1 });
        await context.SaveChangesAsync(cancellationToken);
    }
}
