using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides an extension method that gets the caller of an app's own management endpoints.</summary>
public static class ApiKeyCallerHttpContextExtensions
{
    /// <summary>Gets the caller of a request with the limits that <c>MapApiKeys</c> applies, or null if there is none.</summary>
    public static ApiKeyCaller? GetApiKeyCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<CallerReader>().Read(context);
    }
}
