using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Connections;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts API keys into an app's pipeline.</summary>
public static class ApiKeyAuthApplicationBuilderExtensions
{
    /// <summary>
    /// Adds, from outside in: the counter of uses, the writer of refusals, authentication, authorization, the limiter, the watch over
    /// connections that stay open. It takes the place of <c>UseAuthentication()</c> and <c>UseAuthorization()</c>.
    /// </summary>
    /// <remarks>A branch with routing of its own needs the call too; a request that passes two of them is charged once.</remarks>
    /// <exception cref="InvalidOperationException"><c>AddApiKeyAuth()</c> was not called, or this call stands in the pipeline twice.</exception>
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

    /// <summary>Adds the middleware only if the default scheme leaves out a key scheme: other apps do not pay for it.</summary>
    private static Func<RequestDelegate, RequestDelegate> AddKeySchemes(IServiceProvider services) => next =>

        // The pipeline is built synchronously, and the schemes are known without waiting.
        services.GetRequiredService<KeySchemeProvider>().DefaultOmitsKeySchemesAsync().AsTask().GetAwaiter().GetResult()
            ? ActivatorUtilities.CreateInstance<KeySchemesMiddleware>(services, next).InvokeAsync
            : next;
}
