namespace ApiKeyAuth.Redis.Connection;

/// <summary>Observes the failures of calls that are no longer waited for.</summary>
internal static class LateFailures
{
    public static void Ignore(Task task) => _ = task.ContinueWith(
        static late => late.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
