using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Http;

/// <summary>Tells an app's own endpoints who asks the manager.</summary>
public static class ApiKeyCallerHttpContextExtensions
{
    /// <summary>Gives the caller of a request with the bounds that <c>MapApiKeys</c> keeps him to, or null where there is none.</summary>
    public static ApiKeyCaller? GetApiKeyCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<CallerReader>().Read(context);
    }
}
