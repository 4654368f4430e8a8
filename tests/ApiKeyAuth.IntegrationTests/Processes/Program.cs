namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>The tests' own program: an app in its own process, started by a test so that it can be ended at any moment.</summary>
internal static class Program
{
    public static Task Main(string[] arguments) => arguments switch
    {
        ["counted", var database] => CountedApp.RunAsync(database),
        ["alerting", var database, var receiver, .. var secrets] => AlertingApp.RunAsync(database, receiver, secrets),
        ["node", var settings] => NodeApp.RunAsync(settings),
        ["streaming"] => StreamingApp.RunAsync(),
        ["killed", var provider, var database] => KilledApp.RunAsync(provider, database),
        _ => throw new ArgumentException("Write counted, alerting, node, streaming or killed first.", nameof(arguments)),
    };
}
