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
    /// Adds, from outside in: usage counting and error responses, authentication, authorization, rate limiting, and the monitor of
    /// connections that stay open. It replaces <c>UseAuthentication()</c> and <c>UseAuthorization()</c>.
    /// </summary>
    /// <remarks>A branch with its own routing needs the call too. A request that passes two of them is charged once.</remarks>
    /// <param name="app">The pipeline of the app.</param>
    /// <exception cref="InvalidOperationException">
    /// <c>AddApiKeyAuth()</c> was not called, or this method is called twice for one pipeline.
    /// </exception>
    public static IApplicationBuilder UseApiKeyAuth(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var wiring = app.ApplicationServices.GetService<PipelineState>()
            ?? throw new InvalidOperationException("UseApiKeyAuth() needs builder.Services.AddApiKeyAuth() before the app is built.");
        wiring.Begin(app);
        app.UseMiddleware<ApiKeyRequestMiddleware>();
        app.UseAuthentication();
        app.Use(AddKeySchemes(app.ApplicationServices));
        app.UseAuthorization();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseMiddleware<StreamMiddleware>();
        wiring.End(app);
        return app;
    }

    /// <summary>Adds the middleware only if the default scheme omits a key scheme, so that other apps do not pay for it.</summary>
    private static Func<RequestDelegate, RequestDelegate> AddKeySchemes(IServiceProvider services) => next =>

        // The pipeline is built synchronously, and the schemes are known without waiting.
        services.GetRequiredService<KeySchemeProvider>().DefaultOmitsKeySchemesAsync().AsTask().GetAwaiter().GetResult()
            ? ActivatorUtilities.CreateInstance<KeySchemesMiddleware>(services, next).InvokeAsync
            : next;
}
