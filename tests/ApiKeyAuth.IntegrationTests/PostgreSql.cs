using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Stores;

namespace ApiKeyAuth.IntegrationTests;

/// <summary>
/// Provides the one server of a run, started by the first test that asks for it; deletes the npm packages, and says at the end why tests
/// were skipped.
/// </summary>
[SetUpFixture]
internal sealed class PostgreSql
{
    private static readonly Lazy<Task<PostgreSqlServer>> Shared = new(PostgreSqlServer.StartAsync);

    public static Task<PostgreSqlServer> ServerAsync() => Shared.Value;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Skips.Write(TestContext.Error);
        await NpmFolder.DeleteAsync();
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Shared.Value).DisposeAsync();
        }
    }
}
