namespace ApiKeyAuth.Redis.Connection;

/// <summary>Observes the failures of calls that are no longer waited for.</summary>
internal static class TaskExceptionObserver
{
    public static void Observe(Task task) => _ = task.ContinueWith(
        static late => late.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
