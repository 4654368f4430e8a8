using ApiKeyAuth.IntegrationTests.Stores;

namespace ApiKeyAuth.IntegrationTests;

/// <summary>The one server of a run, started by the first test that asks for it.</summary>
[SetUpFixture]
internal sealed class PostgreSql
{
    private static readonly Lazy<Task<PostgreSqlServer>> Shared = new(PostgreSqlServer.StartAsync);

    public static Task<PostgreSqlServer> ServerAsync() => Shared.Value;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Shared.Value).DisposeAsync();
        }
    }
}
