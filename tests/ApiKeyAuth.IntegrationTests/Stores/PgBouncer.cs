using System.Net;
using System.Net.Sockets;
using ApiKeyAuth.IntegrationTests.Processes;
using Npgsql;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Represents a PgBouncer in front of a database, on a free port, in a temporary folder.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbouncer-");
    private readonly int _port = FreePort.Find();
    private readonly NpgsqlConnectionStringBuilder _database;
    private RunningProcess? _process;

    private PgBouncer(string database) => _database = new NpgsqlConnectionStringBuilder(database);

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Port = _port }.ConnectionString;

    /// <summary>Starts a PgBouncer. If it is not installed, the test is ignored, or fails in CI.</summary>
    /// <param name="database">The connection string of the database.</param>
    /// <param name="mode">The pool mode: <c>session</c> or <c>transaction</c>.</param>
    /// <param name="servers">The number of connections to the database.</param>
    public static async Task<PgBouncer> StartAsync(string database, string mode, int servers = 20)
    {
        var program = Installed.Find("pgbouncer", "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer");
        var bouncer = new PgBouncer(database);
        try
        {
            await bouncer.RunAsync(program, mode, servers);
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task RunAsync(string program, string mode, int servers)
    {
        var (settings, users) = (Path.Combine(_folder.FullName, "pgbouncer.ini"), Path.Combine(_folder.FullName, "users.txt"));
        await File.WriteAllTextAsync(users, $"\"{_database.Username}\" \"\"\n");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            {_database.Database} = host={_database.Host} port={_database.Port} dbname={_database.Database}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = {mode}
            default_pool_size = {servers}
            ignore_startup_parameters = extra_float_digits

            """);
        string[] arguments = [settings];
        if (Environment.IsPrivilegedProcess)
        {
            // PgBouncer refuses to run as root, and changes its user only if that user may read its files.
            await RunningProcess.RunAsync("chown", ["-R", "postgres", _folder.FullName], _folder.FullName);
            arguments = ["-u", "postgres", settings];
        }

        _process = new RunningProcess(program, arguments, _folder.FullName);
        await Eventually.IsTrueAsync(IsListeningAsync);
    }

    private async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
