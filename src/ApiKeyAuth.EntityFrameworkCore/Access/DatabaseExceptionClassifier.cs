using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Classifies database exceptions by SQLSTATE, or by the error number of drivers without SQLSTATE.</summary>
internal static class DatabaseExceptionClassifier
{
    // PostgreSQL: program limit exceeded.
    private const string IndexEntryTooLong = "54000";

    // String or blob too big, constraint violation, data type mismatch (sqlite.org/rescode.html).
    private static readonly int[] SqliteViolations = [18, 19, 20];

    // Overflow, NOT NULL, foreign key or CHECK, unique index and key, index entry too long, truncation.
    private static readonly int[] SqlServerViolations = [220, 515, 547, 1946, 2601, 2627, 2628, 8115, 8152];

    /// <summary>Determines whether a retry may succeed: class 40 is a rollback in favor of another transaction, 23 may be a race.</summary>
    public static bool IsConflict(Exception exception) =>
        FindDbException(exception) is { SqlState: { } state }
            ? IsSqlStateClass(state, "40") || IsSqlStateClass(state, "23")
            : exception is DbUpdateException;

    /// <summary>Determines whether the database rejected a value because of a constraint, its length or its type.</summary>
    public static bool IsViolation(Exception exception) => FindDbException(exception) switch
    {
        null or { IsTransient: true } => false,
        { SqlState: { } state } => IsSqlStateClass(state, "22") || IsSqlStateClass(state, "23") || state == IndexEntryTooLong,
        { } fault => fault.GetType().Name switch
        {
            "SqliteException" => SqliteViolations.Contains(GetErrorNumber(fault, "SqliteErrorCode")),
            "SqlException" => SqlServerViolations.Contains(GetErrorNumber(fault, "Number")),
            _ => false,
        },
    };

    /// <summary>Describes an exception by its type and code. The message may contain values.</summary>
    public static string Describe(Exception exception) => FindDbException(exception) is not { } fault
        ? exception.GetType().Name
        : string.Create(CultureInfo.InvariantCulture, $"{fault.GetType().Name} {fault.SqlState ?? GetErrorCode(fault)}").TrimEnd();

    private static DbException? FindDbException(Exception? exception)
    {
        while (exception is not (null or DbException))
        {
            exception = exception.InnerException;
        }

        return (DbException?)exception;
    }

    private static bool IsSqlStateClass(string state, string start) => state.StartsWith(start, StringComparison.Ordinal);

    private static string GetErrorCode(DbException fault) =>
        Math.Max(GetErrorNumber(fault, "SqliteErrorCode"), GetErrorNumber(fault, "Number")) is > 0 and var number
            ? number.ToString(CultureInfo.InvariantCulture)
            : "";

    // Read by reflection, because this package does not reference the drivers.
    private static int GetErrorNumber(DbException fault, string property) =>
        fault.GetType().GetProperty(property)?.GetValue(fault) as int? ?? 0;
}
