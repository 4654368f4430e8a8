using System.Globalization;
using ApiKeyAuth.EntityFrameworkCore.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Compares the tables of API keys in the app's own context with the configuration of <c>UseApiKeyAuth()</c>.</summary>
/// <remarks>
/// The effects of <c>ConfigureConventions</c> are already reset, but not configuration after the call. A shorter column would fail the
/// first change that does not fit, and another collation or conversion would change which keys are equal.
/// </remarks>
internal static class ModelCheck
{
    private const int MaxListedDifferences = 5;

    /// <summary>Describes the differences, or returns null if there are none.</summary>
    public static string? FindProblem(DbContext context)
    {
        // The runtime model does not contain collations.
        var actual = context.GetService<IDesignTimeModel>().Model;
        var expected = new ModelBuilder(new ConventionSet());
        new ApiKeyModelConfiguration(expected, schema: null, collation: null).Configure();
        if (actual.FindEntityType(typeof(KeyRow)) is null)
        {
            return "has no API keys: call modelBuilder.UseApiKeyAuth() in its OnModelCreating().";
        }

        string[] differences =
        [
            .. expected.Model.GetEntityTypes().SelectMany(table => Compare(table, actual.FindEntityType(table.ClrType))),
            .. CompareCollations(actual, expected.Model),
        ];
        var more = differences.Length <= MaxListedDifferences ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; and {differences.Length - MaxListedDifferences} more");
        return differences.Length == 0 ? null
            : $"changes the tables of API keys: {string.Join("; ", differences.Take(MaxListedDifferences))}{more}"
                + ". Call UseApiKeyAuth() last in OnModelCreating(), or exclude these tables from what changes them, and add a migration.";
    }

    private static IEnumerable<string> Compare(IReadOnlyEntityType expected, IReadOnlyEntityType? actual)
    {
        var table = expected.GetTableName();
        if (actual is null)
        {
            yield return $"{table} is missing";
            yield break;
        }

        if (!GetPrimaryKey(expected).SequenceEqual(GetPrimaryKey(actual)))
        {
            yield return $"{table} has the key ({string.Join(", ", GetPrimaryKey(actual))}) "
                + $"instead of ({string.Join(", ", GetPrimaryKey(expected))})";
        }

        foreach (var property in expected.GetProperties())
        {
            var found = actual.FindProperty(property.Name);
            if ((found is null ? "is missing" : Compare(property, found)) is { } difference)
            {
                yield return $"{table}.{property.Name} {difference}";
            }
        }
    }

    private static string? Compare(IReadOnlyProperty expected, IReadOnlyProperty actual)
    {
        // A length below 1 means no maximum.
        var needed = expected.GetMaxLength()?.ToString(CultureInfo.InvariantCulture) ?? "none";
        return actual.GetMaxLength() is > 0 and var length && length < (expected.GetMaxLength() ?? int.MaxValue)
            ? string.Create(CultureInfo.InvariantCulture, $"has a maximum length of {length} instead of {needed}")
            : actual.GetValueConverter() is not null || actual.GetProviderClrType() is not null ? "has a value conversion"
            : actual.FindAnnotation(RelationalAnnotationNames.ColumnType)?.Value is string type ? $"has the column type {type} of the app"
            : actual.ClrType == typeof(string) && actual.IsUnicode() == false ? "is not Unicode"
            : null;
    }

    /// <summary>Finds text columns whose collation differs from that of most text columns. All should have the group.</summary>
    private static IEnumerable<string> CompareCollations(IReadOnlyModel actual, IReadOnlyModel expected)
    {
        var columns = expected.GetEntityTypes()
            .SelectMany(table => table.GetProperties(), (table, property) =>
                (Table: table, Property: actual.FindEntityType(table.ClrType)?.FindProperty(property.Name)))
            .Where(column => column.Property?.ClrType == typeof(string))
            .GroupBy(column => column.Property!.GetCollation()).OrderByDescending(group => group.Count()).ToList();
        return columns.Skip(1).SelectMany(group => group, (group, column) =>
            $"{column.Table.GetTableName()}.{column.Property!.Name} has the collation {group.Key ?? "of the database"} "
            + $"instead of {columns[0].Key ?? "the database's"}");
    }

    private static IEnumerable<string> GetPrimaryKey(IReadOnlyEntityType table) =>
        table.FindPrimaryKey()?.Properties.Select(property => property.Name) ?? [];
}
