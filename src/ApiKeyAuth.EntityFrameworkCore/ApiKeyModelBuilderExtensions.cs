using ApiKeyAuth.EntityFrameworkCore.Schema;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Provides extension methods that add the tables of API keys to a model.</summary>
public static class ApiKeyModelBuilderExtensions
{
    // The conventions of the provider have annotated the model before OnModelCreating runs. SQLite compares bytes by default.
    private static readonly (string Prefix, string Collation)[] BinaryCollations =
        [("Npgsql:", "C"), ("SqlServer:", "Latin1_General_100_BIN2"), ("MySql:", "utf8mb4_bin")];

    /// <summary>Adds the tables of API keys, whose names start with <c>ApiKeyAuth</c>. The app creates the migrations.</summary>
    /// <param name="modelBuilder">The model builder that is passed to <c>OnModelCreating</c>.</param>
    /// <param name="schema">The schema of the tables, or null for the default schema.</param>
    /// <param name="collation">
    /// A collation that compares by code point, or null for that of PostgreSQL, SQLite, SQL Server or MySQL.
    /// </param>
    /// <remarks>SQL Server ignores trailing spaces in every collation. There, tenants must not differ only by trailing spaces.</remarks>
    public static ModelBuilder UseApiKeyAuth(this ModelBuilder modelBuilder, string? schema = null, string? collation = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var annotations = modelBuilder.Model.GetAnnotations().Select(annotation => annotation.Name).ToList();
        collation ??= BinaryCollations.FirstOrDefault(provider => HasPrefix(provider.Prefix)).Collation;
        var hasNarrowIndexes = HasPrefix("SqlServer:") || HasPrefix("MySql:");
        new ApiKeyModelConfiguration(modelBuilder, schema, collation, hasNarrowIndexes).Configure();
        return modelBuilder;

        bool HasPrefix(string prefix) => annotations.Exists(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }
}
