using Npgsql;

namespace ApiKeyAuth.PostgreSql.Backplane;

/// <summary>The few connections of the bus, apart from those of the look-ups: however busy these are, a beat finds one.</summary>
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

        // Its few calls gain nothing by it, and a pooler in transaction mode loses prepared statements.
        MaxAutoPrepare = 0,

        // A listener that nobody talks to would never know that its connection is half open.
        KeepAlive = KeepAliveSeconds,
    }.ConnectionString;
}
