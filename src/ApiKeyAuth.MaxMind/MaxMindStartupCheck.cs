using MaxMind.Db;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.MaxMind;

/// <summary>Reads the file before anything of the host starts: a wrong path is told then, not in a log hours later.</summary>
internal sealed class MaxMindStartupCheck(MaxMindResolver resolver) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            resolver.Open();
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"AddMaxMind(): the file cannot be opened ({exception.GetType().Name}); correct its path, or give the app the right to read it.");
        }
        catch (InvalidDatabaseException)
        {
            throw new InvalidOperationException("AddMaxMind(): the file is no database in MaxMind's format; name one such as GeoLite2-Country.mmdb, unpacked.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
