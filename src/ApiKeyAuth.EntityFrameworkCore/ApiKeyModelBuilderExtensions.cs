using ApiKeyAuth.EntityFrameworkCore.Model;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds the tables of API keys to a context.</summary>
public static class ApiKeyModelBuilderExtensions
{
    // Conventions of the provider have left their marks on the model before the host's OnModelCreating runs. SQLite compares by bytes anyway.
    private static readonly (string Mark, string Collation)[] BinaryCollations =
        [("Npgsql:", "C"), ("SqlServer:", "Latin1_General_100_BIN2"), ("MySql:", "utf8mb4_bin")];

    /// <summary>Adds the tables <c>ApiKeyAuthKeys</c>, <c>…Secrets</c>, <c>…Usage</c>, <c>…UsageHistory</c>, <c>…UsageScopes</c>, <c>…UsageBatches</c>, <c>…Quotas</c> and <c>…Audit</c>; migrations are the host's own.</summary>
    /// <param name="modelBuilder">The builder that <c>OnModelCreating</c> is given.</param>
    /// <param name="schema">The tables' schema, or null for the default one.</param>
    /// <param name="collation">A collation that compares by code points, or null for that of PostgreSQL, SQLite, SQL Server or MySQL.</param>
    /// <remarks>SQL Server ignores spaces at the end of a text in whatever collation: there, let no two tenants differ by them alone.</remarks>
    public static ModelBuilder UseApiKeyAuth(this ModelBuilder modelBuilder, string? schema = null, string? collation = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var marks = modelBuilder.Model.GetAnnotations().Select(annotation => annotation.Name).ToList();
        collation ??= BinaryCollations.FirstOrDefault(known => marks.Exists(mark => mark.StartsWith(known.Mark, StringComparison.Ordinal))).Collation;
        var hasNarrowIndexes = marks.Exists(mark =>
            mark.StartsWith("SqlServer:", StringComparison.Ordinal) || mark.StartsWith("MySql:", StringComparison.Ordinal));
        new ApiKeyModelConfiguration(modelBuilder, schema, collation, hasNarrowIndexes).Configure();
        return modelBuilder;
    }
}
