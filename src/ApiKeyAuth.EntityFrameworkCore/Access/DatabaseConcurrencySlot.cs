namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>A call's stay in a database; its end lets the next one in.</summary>
internal readonly struct DatabaseConcurrencySlot(SemaphoreSlim? semaphore) : IDisposable
{
    public void Dispose() => semaphore?.Release();
}
