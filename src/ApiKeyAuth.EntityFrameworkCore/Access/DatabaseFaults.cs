using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Classifies what a database reports, by SQLSTATE or by the error numbers of the drivers that have none.</summary>
internal static class DatabaseFaults
{
    // Of PostgreSQL: a program limit exceeded.
    private const string IndexEntryTooLong = "54000";

    // String or blob too big, constraint violation, data type mismatch (sqlite.org/rescode.html).
    private static readonly int[] SqliteViolations = [18, 19, 20];

    // Overflow, NOT NULL, foreign key or CHECK, unique index and key, index entry too long, truncation.
    private static readonly int[] SqlServerViolations = [220, 515, 547, 1946, 2601, 2627, 2628, 8115, 8152];

    /// <summary>Determines whether another attempt may succeed: class 40 is a rollback in favor of others, 23 may be a race.</summary>
    public static bool IsConflict(Exception exception) =>
        Find(exception) is { SqlState: { } state } ? IsOfClass(state, "40") || IsOfClass(state, "23") : exception is DbUpdateException;

    /// <summary>Determines whether the database rejects a value: by a constraint, a length or a type.</summary>
    public static bool IsViolation(Exception exception) => Find(exception) switch
    {
        null or { IsTransient: true } => false,
        { SqlState: { } state } => IsOfClass(state, "22") || IsOfClass(state, "23") || state == IndexEntryTooLong,
        { } fault => fault.GetType().Name switch
        {
            "SqliteException" => SqliteViolations.Contains(Number(fault, "SqliteErrorCode")),
            "SqlException" => SqlServerViolations.Contains(Number(fault, "Number")),
            _ => false,
        },
    };

    /// <summary>Describes a fault by its type and code, without the message, which may hold values.</summary>
    public static string Describe(Exception exception) => Find(exception) is not { } fault
        ? exception.GetType().Name
        : string.Create(CultureInfo.InvariantCulture, $"{fault.GetType().Name} {fault.SqlState ?? Code(fault)}").TrimEnd();

    private static DbException? Find(Exception? exception)
    {
        while (exception is not (null or DbException))
        {
            exception = exception.InnerException;
        }

        return (DbException?)exception;
    }

    private static bool IsOfClass(string state, string start) => state.StartsWith(start, StringComparison.Ordinal);

    private static string Code(DbException fault) =>
        Math.Max(Number(fault, "SqliteErrorCode"), Number(fault, "Number")) is > 0 and var number
            ? number.ToString(CultureInfo.InvariantCulture)
            : "";

    // This package references no driver.
    private static int Number(DbException fault, string property) => fault.GetType().GetProperty(property)?.GetValue(fault) as int? ?? 0;
}
