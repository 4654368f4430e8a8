namespace ApiKeyAuth.Redis.Connection;

/// <summary>Observes exceptions of tasks that are no longer awaited.</summary>
internal static class TaskExceptionObserver
{
    public static void Observe(Task task) => _ = task.ContinueWith(
        static late => late.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
