using System.Data;
using System.Data.Common;

namespace ApiKeyAuth.Stores;

/// <summary>Distinguishes rejected values from outages. Only an outage can be overcome by waiting.</summary>
internal static class StoreExceptionClassifier
{
    /// <summary>Determines whether the store rejected a value because of a constraint, its length or a character.</summary>
    /// <remarks>
    /// SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). For drivers without SQLSTATE, such as those of SQLite
    /// and SQL Server, the store throws a <see cref="ConstraintException"/>.
    /// </remarks>
    public static bool IsRejection(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                // StorableText throws the ArgumentException, with the parameter name of the store's method.
                case ConstraintException or ArgumentException { ParamName: "key" or "audit" }:
                    return true;
                case DbException { IsTransient: true }:
                    return false;
                case DbException { SqlState: { } state }:
                    return state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal);
            }
        }

        return false;
    }

    /// <summary>Describes an exception by its type and SQLSTATE. The message may contain values or a connection string.</summary>
    public static string Describe(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException fault)
            {
                return $"{fault.GetType().Name} {fault.SqlState}".TrimEnd();
            }
        }

        return exception.GetType().Name;
    }
}
