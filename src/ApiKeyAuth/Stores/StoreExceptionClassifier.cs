using System.Data;
using System.Data.Common;

namespace ApiKeyAuth.Stores;

/// <summary>Tells a store that rejects a value from a store that is unavailable: waiting cures the second only.</summary>
internal static class StoreExceptionClassifier
{
    /// <summary>Determines whether the store rejects what it was given: by a constraint, a length or a character.</summary>
    /// <remarks>
    /// SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). Drivers without SQLSTATE, such as those of SQLite and
    /// SQL Server, are covered by <see cref="ConstraintException"/>, which the store throws.
    /// </remarks>
    public static bool IsRejection(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                // The second is of StorableText, which names the parameter of the store's method.
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

    /// <summary>Describes a fault by its type and SQLSTATE, without the message, which may hold values or a connection string.</summary>
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
