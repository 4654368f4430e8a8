using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides the caller for endpoints of the app that use the manager.</summary>
public static class ApiKeyCallerHttpContextExtensions
{
    /// <summary>Gets the caller of a request, with the same restrictions as in <c>MapApiKeys()</c>, or null if there is none.</summary>
    public static ApiKeyCaller? GetApiKeyCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<CallerReader>().Read(context);
    }
}
