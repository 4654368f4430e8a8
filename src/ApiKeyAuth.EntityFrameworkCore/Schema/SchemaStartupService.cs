using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>
/// Migrates or checks the schema before any service of the app starts, because these may use keys, and before the host listens.
/// </summary>
internal sealed class SchemaStartupService(IApiKeySchema schema, IOptions<SchemaStartupOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        options.Value.Migrate ? schema.MigrateAsync(cancellationToken) : schema.CheckAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
