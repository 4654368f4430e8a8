using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Inserts rows by one prepared statement, for which SQLite takes a fraction of the time of tracked entities.</summary>
/// <remarks>
/// Only in a context that contains nothing but API keys: in another one, the app may have added columns, interceptors or conventions, which
/// only tracked entities respect. Other databases than SQLite are called over a network, where EF Core sends many statements at once.
/// </remarks>
internal static class PreparedInsert
{
    public static bool CanReplaceTracking(DbContext context) => context is ApiKeyContext && context.IsSqlite();

    /// <summary>Lets the connection cache the pages that many keys change, which SQLite would otherwise write several times.</summary>
    public static async Task EnlargeCacheAsync(DbContext context, CancellationToken cancellationToken) =>
        await context.Database.ExecuteSqlRawAsync("PRAGMA cache_size = -32768", cancellationToken);

    /// <summary>Inserts rows in the current transaction.</summary>
    public static async Task RunAsync<TRow>(DbContext context, IEnumerable<TRow> rows, CancellationToken cancellationToken)
        where TRow : class
    {
        var mapping = context.Model.FindEntityType(typeof(TRow))!.GetTableMappings().Single();
        IColumnMapping[] columns = [.. mapping.ColumnMappings];
        await using var command = CreateCommand(context, mapping.Table, columns);
        foreach (var row in rows)
        {
            for (var index = 0; index < columns.Length; index++)
            {
                command.Parameters[index].Value = GetValue(columns[index], row);
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static DbCommand CreateCommand(DbContext context, ITable table, IColumnMapping[] columns)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        foreach (var (index, column) in columns.Index())
        {
            command.Parameters.Add(column.TypeMapping.CreateParameter(command, $"@p{index}", value: null, nullable: true));
        }

        var sql = context.GetService<ISqlGenerationHelper>();
        var names = columns.Select(column => sql.DelimitIdentifier(column.Column.Name));
        var values = command.Parameters.Cast<DbParameter>().Select(parameter => parameter.ParameterName);
        command.CommandText = $"INSERT INTO {sql.DelimitIdentifier(table.Name, table.Schema)} ({string.Join(", ", names)}) "
            + $"VALUES ({string.Join(", ", values)})";
        command.Prepare();
        return command;
    }

    private static object GetValue(IColumnMapping column, object row)
    {
        var value = column.Property.GetGetter().GetClrValue(row);
        return (column.TypeMapping.Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
    }
}
