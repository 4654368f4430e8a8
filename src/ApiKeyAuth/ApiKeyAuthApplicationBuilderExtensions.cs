using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Connections;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides an extension method that adds API keys to the pipeline of an app.</summary>
public static class ApiKeyAuthApplicationBuilderExtensions
{
    /// <summary>
    /// Adds the middleware that counts uses and writes error responses, authentication, authorization, rate limiting, and the monitoring
    /// of long-lived connections, in this order. The call replaces <c>UseAuthentication()</c> and <c>UseAuthorization()</c>.
    /// </summary>
    /// <remarks>A branch that has its own routing needs the call too. A request that passes through two of them is charged once.</remarks>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    /// <exception cref="InvalidOperationException">
    /// <c>AddApiKeyAuth()</c> was not called, or this method was called twice for the same pipeline.
    /// </exception>
    public static IApplicationBuilder UseApiKeyAuth(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var state = app.ApplicationServices.GetService<PipelineState>()
            ?? throw new InvalidOperationException("UseApiKeyAuth() needs builder.Services.AddApiKeyAuth() before the app is built.");
        state.Begin(app);
        app.UseMiddleware<ApiKeyRequestMiddleware>();
        app.UseAuthentication();
        app.Use(AddKeySchemes(app.ApplicationServices));
        app.UseAuthorization();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseMiddleware<StreamMiddleware>();
        state.End(app);
        return app;
    }

    /// <summary>Adds the middleware only if the default scheme omits a key scheme, so that other apps do not pay for it.</summary>
    private static Func<RequestDelegate, RequestDelegate> AddKeySchemes(IServiceProvider services) => next =>

        // The pipeline is built synchronously. The schemes are known by then, so the call does not block.
        services.GetRequiredService<KeySchemeProvider>().DefaultOmitsKeySchemesAsync().AsTask().GetAwaiter().GetResult()
            ? ActivatorUtilities.CreateInstance<KeySchemesMiddleware>(services, next).InvokeAsync
            : next;
}
