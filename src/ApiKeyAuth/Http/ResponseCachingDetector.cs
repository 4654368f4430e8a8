using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Http;

/// <summary>Represents whether the app uses response caching, so that other apps pay nothing to guard against it.</summary>
/// <remarks>
/// The options are created by the middleware's constructor, that is, only if <c>UseResponseCaching()</c> is in the pipeline.
/// </remarks>
internal sealed class ResponseCachingDetector : IPostConfigureOptions<ResponseCachingOptions>
{
    /// <summary>Gets a value that indicates whether a response cache is in the pipeline.</summary>
    public bool IsInUse { get; private set; }

    /// <inheritdoc/>
    public void PostConfigure(string? name, ResponseCachingOptions options) => IsInUse = true;
}
