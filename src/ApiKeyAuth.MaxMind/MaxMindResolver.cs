using System.Net;
using ApiKeyAuth.Usage.Countries;
using MaxMind.Db;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.MaxMind;

/// <summary>Finds countries in a database file that is held in memory and reloaded when it changes.</summary>
internal sealed class MaxMindResolver(string path, TimeProvider clock, ILogger<MaxMindResolver> logger) : IGeoResolver, IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Reader? _reader;
    private (DateTime WrittenAt, long Length) _version;
    private long _lastCheckedAt;

    public string? FindCountry(IPNetwork network)
    {
        var record = GetReader().Find<Dictionary<string, object>>(network.BaseAddress);
        return record is null ? null
            : record.GetValueOrDefault("country") switch
            {
                // MaxMind's own databases contain a map, others the country code.
                IReadOnlyDictionary<string, object> country => country.GetValueOrDefault("iso_code") as string,
                string code => code,
                _ => record.GetValueOrDefault("country_code") as string,
            };
    }

    /// <summary>Reads the file for the first time. Throws if that fails.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _version = GetFileVersion();
            _reader = new Reader(path, FileAccessMode.Memory);
            _lastCheckedAt = clock.GetTimestamp();
        }
    }

    public void Dispose() => _reader?.Dispose();

    private Reader GetReader()
    {
        lock (_lock)
        {
            if (_reader is null)
            {
                Open();
            }
            else if (clock.GetElapsedTime(_lastCheckedAt) >= RefreshInterval)
            {
                _lastCheckedAt = clock.GetTimestamp();
                RefreshIfChanged();
            }

            return _reader!;
        }
    }

    private void RefreshIfChanged()
    {
        try
        {
            var version = GetFileVersion();
            if (version != _version)
            {
                // The old reader is in memory, so lookups that are still using it can complete.
                _reader = new Reader(path, FileAccessMode.Memory);
                _version = version;
                MaxMindLog.Refreshed(logger);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDatabaseException)
        {
            MaxMindLog.RefreshFailed(logger, exception.GetType().Name);
        }
    }

    private (DateTime WrittenAt, long Length) GetFileVersion()
    {
        var file = new FileInfo(path);
        return (file.LastWriteTimeUtc, file.Length);
    }
}
