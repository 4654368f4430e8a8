using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Startup;

/// <summary>Reads from a service scope synchronously during startup.</summary>
internal static class ServiceScopeInvoker
{
    /// <summary>Creates a scope, reads from it and disposes it.</summary>
    /// <remarks>A service of the scope may only support asynchronous disposal, for which <c>using</c> throws.</remarks>
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
