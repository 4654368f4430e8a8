using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Startup;

/// <summary>Looks into a scope for a moment of the start, which is synchronous.</summary>
internal static class ServiceScopeInvoker
{
    /// <summary>Reads from a scope and ends it. A service in it may be one that can only be disposed of asynchronously, which <c>using</c> would throw at.</summary>
    public static T Invoke<T>(IServiceProvider services, Func<IServiceProvider, T> read)
    {
        var scope = services.CreateAsyncScope();
        try
        {
            return read(scope.ServiceProvider);
        }
        finally
        {
            scope.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
