using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Http;

/// <summary>Detects whether the app uses response caching, so that other apps do not pay for the guard against it.</summary>
/// <remarks>
/// The constructor of the middleware creates the options, so this only happens if <c>UseResponseCaching()</c> is in the pipeline.
/// </remarks>
internal sealed class ResponseCachingDetector : IPostConfigureOptions<ResponseCachingOptions>
{
    /// <summary>Gets a value indicating whether a response cache is in the pipeline.</summary>
    public bool IsInUse { get; private set; }

    /// <inheritdoc/>
    public void PostConfigure(string? name, ResponseCachingOptions options) => IsInUse = true;
}
