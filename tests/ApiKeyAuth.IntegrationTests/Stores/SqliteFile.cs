using Microsoft.Data.Sqlite;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Represents a SQLite file in its own folder.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "keys.db");

    public string ConnectionString => $"Data Source={Path}";

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
