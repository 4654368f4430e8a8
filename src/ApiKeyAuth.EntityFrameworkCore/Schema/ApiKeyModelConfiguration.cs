using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys.Hashes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Configures the tables of API keys.</summary>
internal sealed class ApiKeyModelConfiguration(ModelBuilder model, string? schema, string? collation, bool hasNarrowIndexes = false)
{
    private const int DigestLength = 32;
    private const int PepperIdLength = 64;
    private const int GuidLength = 32;

    public void Configure()
    {
        model.Entity<KeyRow>(ConfigureKeys);
        model.Entity<SecretRow>(ConfigureSecrets);
        model.Entity<UsageRow>(ConfigureUsage);
        model.Entity<HistoryRow>(ConfigureHistory);
        model.Entity<ScopeUseRow>(ConfigureScopeUses);
        model.Entity<BatchRow>(ConfigureBatches);
        model.Entity<QuotaRow>(ConfigureQuotas);
        model.Entity<AuditRow>(ConfigureAudit);
        model.Entity<AlertSettingsRow>(ConfigureAlertSettings);
        model.Entity<AlertRow>(ConfigureAlerts);
        model.Entity<AlertDeliveryRow>(ConfigureAlertDeliveries);
        model.Entity<AlertHistoryRow>(ConfigureAlertHistory);
        model.Entity<MemberCountRow>(ConfigureMemberCount);
    }

    private void ConfigureKeys(EntityTypeBuilder<KeyRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthKeys");
        table.HasKey(row => row.Id);
        table.Property(row => row.Id).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.TenantId).HasMaxLength(KeyRow.NameLength);
        table.Property(row => row.OwnerId).HasMaxLength(KeyRow.NameLength);
        table.Property(row => row.CreatedBy).HasMaxLength(KeyRow.NameLength);
        table.HasIndex(row => new { row.TenantId, row.CreatedAt, row.Id }).IsDescending(false, true, false);
        table.HasIndex(row => new { row.CreatedAt, row.Id }).IsDescending(true, false);
        if (hasNarrowIndexes)
        {
            // An index is limited to 1,700 bytes on SQL Server and 3,072 on MySQL, which a tenant and an owner together exceed.
            table.HasIndex(row => new { row.OwnerId, row.CreatedAt, row.Id }).IsDescending(false, true, false);
        }
        else
        {
            table.HasIndex(row => row.OwnerId);
            table.HasIndex(row => new { row.TenantId, row.OwnerId, row.CreatedAt, row.Id }).IsDescending(false, false, true, false);
        }

        table.HasIndex(row => row.CreatedBy);
        table.HasIndex(row => row.ExpiresAt);
        table.HasIndex(row => row.ExpiresAfterIdleDays);
    }

    private void ConfigureSecrets(EntityTypeBuilder<SecretRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthSecrets");
        table.HasKey(row => new { row.Digest, row.PepperId });
        table.Property(row => row.Digest).HasMaxLength(DigestLength).IsFixedLength();
        table.Property(row => row.PepperId).HasMaxLength(PepperIdLength);
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.Prefix).HasMaxLength(ApiKeySaltedHash.MaxPrefixLength);
        table.Property(row => row.SaltedHash).HasMaxLength(ApiKeySaltedHash.MaxTextLength);
        table.HasIndex(row => row.Prefix);
        table.HasOne<KeyRow>().WithMany().HasForeignKey(row => row.KeyId).OnDelete(DeleteBehavior.Cascade);
    }

    private void ConfigureUsage(EntityTypeBuilder<UsageRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthUsage");
        table.HasKey(row => row.KeyId);
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.HasOne<KeyRow>().WithOne().HasForeignKey<UsageRow>(row => row.KeyId).OnDelete(DeleteBehavior.Cascade);
    }

    private void ConfigureHistory(EntityTypeBuilder<HistoryRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthUsageHistory");
        table.HasKey(row => new { row.KeyId, row.Start, row.IsDay, row.Outcome, row.Country, row.Network });
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.Outcome).HasMaxLength(HistoryRow.OutcomeLength);
        table.Property(row => row.Country).HasMaxLength(HistoryRow.CountryLength);
        table.Property(row => row.Network).HasMaxLength(HistoryRow.NetworkLength);
        table.HasIndex(row => new { row.IsDay, row.Start });
        table.HasOne<UsageRow>().WithMany().HasForeignKey(row => row.KeyId).OnDelete(DeleteBehavior.Cascade);
    }

    private void ConfigureScopeUses(EntityTypeBuilder<ScopeUseRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthUsageScopes");
        table.HasKey(row => new { row.KeyId, row.Scope });
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.Scope).HasMaxLength(ScopeUseRow.ScopeLength);
        table.HasOne<UsageRow>().WithMany().HasForeignKey(row => row.KeyId).OnDelete(DeleteBehavior.Cascade);
    }

    private void ConfigureBatches(EntityTypeBuilder<BatchRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthUsageBatches");
        table.HasKey(row => row.Id);
        table.Property(row => row.Id).HasMaxLength(GuidLength);
        table.HasIndex(row => row.At);
    }

    private void ConfigureQuotas(EntityTypeBuilder<QuotaRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthQuotas");
        table.HasKey(row => row.Tenant);
        table.Property(row => row.Tenant).HasMaxLength(QuotaRow.TenantLength);
    }

    private void ConfigureAudit(EntityTypeBuilder<AuditRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthAudit");
        table.HasKey(row => row.Id);
        table.Property(row => row.Id).HasMaxLength(GuidLength);
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.TenantId).HasMaxLength(KeyRow.NameLength);
        table.HasIndex(row => new { row.KeyId, row.Id });
        table.Property(row => row.Actor).HasMaxLength(KeyRow.NameLength);
        table.HasIndex(row => new { row.TenantId, row.Id });
        table.HasIndex(row => new { row.Actor, row.Id });
    }

    private void ConfigureAlertSettings(EntityTypeBuilder<AlertSettingsRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthAlertSettings");
        table.HasKey(row => row.Subject);
        table.Property(row => row.Subject).HasMaxLength(AlertSettingsRow.SubjectLength);
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.HasOne<KeyRow>().WithMany().HasForeignKey(row => row.KeyId).OnDelete(DeleteBehavior.Cascade);
    }

    private void ConfigureAlerts(EntityTypeBuilder<AlertRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthAlerts");
        table.HasKey(row => new { row.KeyId, row.Kind, row.About });
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.Kind).HasMaxLength(AlertRow.KindLength);
        table.Property(row => row.About).HasMaxLength(AlertRow.AboutLength);
        table.Property(row => row.Id).HasMaxLength(GuidLength);
        table.Property(row => row.TenantId).HasMaxLength(KeyRow.NameLength);
        table.HasIndex(row => row.Until);
        table.HasIndex(row => new { row.Kind, row.Id });
    }

    private void ConfigureAlertDeliveries(EntityTypeBuilder<AlertDeliveryRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthAlertDeliveries");
        table.HasKey(row => new { row.AlertId, row.Target });
        table.Property(row => row.AlertId).HasMaxLength(AlertDeliveryRow.AlertIdLength);
        table.Property(row => row.Target).HasMaxLength(AlertDeliveryRow.TargetLength);
        table.HasIndex(row => new { row.Target, row.NextAt });
    }

    private void ConfigureAlertHistory(EntityTypeBuilder<AlertHistoryRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthAlertHistory");
        table.HasKey(row => new { row.AlertId, row.Target });
        table.Property(row => row.AlertId).HasMaxLength(AlertDeliveryRow.AlertIdLength);
        table.Property(row => row.Target).HasMaxLength(AlertDeliveryRow.TargetLength);
        table.Property(row => row.Kind).HasMaxLength(AlertRow.KindLength);
        table.Property(row => row.KeyId).HasMaxLength(KeyRow.IdLength);
        table.Property(row => row.TenantId).HasMaxLength(KeyRow.NameLength);
        table.Property(row => row.Reason).HasMaxLength(AlertHistoryRow.ReasonLength);
        table.HasIndex(row => new { row.Target, row.At });
    }

    private void ConfigureMemberCount(EntityTypeBuilder<MemberCountRow> table)
    {
        ConfigureTable(table, "ApiKeyAuthMemberCount");
        table.HasKey(row => row.Id);
        table.Property(row => row.Id).ValueGeneratedNever();
    }

    private void ConfigureTable<TRow>(EntityTypeBuilder<TRow> table, string name)
        where TRow : class
    {
        table.ToTable(name, schema);
        foreach (var property in typeof(TRow).GetProperties())
        {
            PropertyReset.Apply(table.Property(property.PropertyType, property.Name).Metadata);
            if (property.PropertyType == typeof(string))
            {
                // Set on each column, so that neither the database nor a convention of the app decides which values are equal.
                table.Property(property.Name).UseCollation(collation);
            }
        }
    }
}
