using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.RateLimiting;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Twig.OAuth;

/// <summary>Limits the requests of each user's access tokens, and sign-ins by address. Keys have limits of their own.</summary>
internal static class UserLimits
{
    private const int SignInsPerMinute = 30;
    private const int Segments = 6;

    public static void Configure(RateLimiterOptions limiter, int requestsPerMinute)
    {
        limiter.AddPolicy(SignInEndpoints.Path, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress, _ => new() { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => FindUser(context) is { } user
            ? RateLimitPartition.GetSlidingWindowLimiter(
                user, _ => new() { PermitLimit = requestsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = Segments })
            : RateLimitPartition.GetNoLimiter(""));
        limiter.OnRejected = WriteAsync;
    }

    private static string? FindUser(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api") && context.GetApiKey() is null
            ? context.User.FindFirstValue(Claims.Subject)
            : null;

    private static async ValueTask WriteAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromMinutes(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        var response = rejected.HttpContext.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        await ErrorBodies.WriteAsync(rejected.HttpContext, new ApiKeyError
        {
            StatusCode = response.StatusCode,
            Code = ApiKeyErrorCodes.RateLimitExceeded,
            Message = $"Too many requests; try again in {seconds} seconds",
        });
    }
}
