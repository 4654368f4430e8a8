using ApiKeyAuth.IntegrationTests.Processes;
using Npgsql;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Represents a PostgreSQL server that a test starts from the installed binaries, on a free port, in a temporary folder.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly string _programs;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pg-");
    private readonly int _port = FreePort.Find();
    private RunningProcess? _server;
    private int _databases;

    private PostgreSqlServer(string programs) => _programs = programs;

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Starts a server. If PostgreSQL is not installed, the test is ignored, or fails in CI.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer(FindPrograms());
        try
        {
            await server.InitializeAsync();
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates an empty database.</summary>
    /// <returns>The connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"keys{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Starts the server, also again after <see cref="StopAsync"/>.</summary>
    public async Task RunAsync()
    {
        var (program, arguments) = AsServerUser(
            "postgres", "-D", Data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "fsync=off", "-c", "max_connections=200");
        _server = new RunningProcess(program, arguments, _folder.FullName);
        await _server.WaitForAsync("database system is ready to accept connections");
    }

    /// <summary>Stops the server as a crash does: connections break, and running work is not completed.</summary>
    public async Task StopAsync()
    {
        await RunProgramAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        await _server!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await StopAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static string FindPrograms() => Path.GetDirectoryName(Installed.Find("initdb", "postgresql", DebianFolders()))!;

    private static IEnumerable<string> DebianFolders() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin"))
        : [];

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunningProcess.RunAsync("chown", ["postgres", _folder.FullName], _folder.FullName);
        }

        await RunProgramAsync("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
    }

    private async Task RunProgramAsync(string name, params string[] arguments)
    {
        var (program, all) = AsServerUser(name, arguments);
        var (exitCode, output) = await RunningProcess.RunAsync(program, all, _folder.FullName);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with {exitCode}:\n{output}");
        }
    }

    // PostgreSQL refuses to run as root.
    private (string Program, string[] Arguments) AsServerUser(string name, params string[] arguments)
    {
        var program = Path.Combine(_programs, name);
        return Environment.IsPrivilegedProcess ? ("runuser", ["-u", "postgres", "--", program, .. arguments]) : (program, arguments);
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=5";
}
