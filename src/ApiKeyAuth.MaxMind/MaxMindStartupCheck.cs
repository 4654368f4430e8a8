using MaxMind.Db;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.MaxMind;

/// <summary>Reads the file before the host starts, so that a wrong path is a startup error.</summary>
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
            throw new InvalidOperationException(
                $"AddMaxMind(): the file cannot be opened ({exception.GetType().Name}); correct its path, or grant the app permission to "
                + "read it.");
        }
        catch (InvalidDatabaseException)
        {
            throw new InvalidOperationException(
                "AddMaxMind(): the file is not a database in MaxMind's format; use an unpacked one, such as GeoLite2-Country.mmdb.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
