using Npgsql;

namespace ApiKeyAuth.PostgreSql.Backplane;

/// <summary>
/// Provides the connections of the backplane. They are separate from those of lookups, so that heartbeats do not wait for them.
/// </summary>
internal sealed class BackplaneDatabase(string connectionString) : IAsyncDisposable
{
    private const int MaxConnections = 4;
    private const int KeepAliveSeconds = 10;

    public NpgsqlDataSource DataSource { get; } = new NpgsqlDataSourceBuilder(BuildConnectionString(connectionString)).Build();

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    private static string BuildConnectionString(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        MinPoolSize = 0,
        MaxPoolSize = MaxConnections,

        // The few calls do not need it, and a pooler in transaction mode loses prepared statements.
        MaxAutoPrepare = 0,

        // Without it, a listening connection would not detect that it is half open.
        KeepAlive = KeepAliveSeconds,
    }.ConnectionString;
}
