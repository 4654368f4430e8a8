using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Migrates or checks before anything of the host starts: before it listens, and before the host's own services that may use keys.</summary>
internal sealed class SchemaStartupService(IApiKeySchema schema, bool migrate) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        migrate ? schema.MigrateAsync(cancellationToken) : schema.CheckAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
