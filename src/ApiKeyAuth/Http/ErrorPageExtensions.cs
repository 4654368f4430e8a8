using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Provides the extension method that detects error pages.</summary>
internal static class ErrorPageExtensions
{
    /// <summary>Determines whether the framework runs the pipeline again for an error page.</summary>
    public static bool IsErrorPage(this HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>() is not null || context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
}
