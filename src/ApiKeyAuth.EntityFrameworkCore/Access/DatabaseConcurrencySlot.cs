namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Represents a call to a database. Disposing it lets the next call start.</summary>
internal readonly struct DatabaseConcurrencySlot(SemaphoreSlim? semaphore) : IDisposable
{
    public void Dispose() => semaphore?.Release();
}
