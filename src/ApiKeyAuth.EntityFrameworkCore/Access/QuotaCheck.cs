using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Counts keys under quotas, one addition of a tenant at a time.</summary>
/// <remarks>
/// A row of the tenant is locked by writing to it, on every database, until the transaction ends. Twenty additions at once then wait for one
/// another; under serializable isolation they would abort one another, and most would be turned away after a few tries.
/// </remarks>
internal static class QuotaCheck
{
    public static async Task<bool> IsQuotaReachedAsync(DbContext context, IReadOnlyList<ApiKeyQuota> quotas, CancellationToken cancellationToken)
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

        // Of two that find none, the second meets the unique index, waits, and is run again.
        context.Add(new QuotaRow { Tenant = tenant, Additions = 1 });
        await context.SaveChangesAsync(cancellationToken);
    }
}
