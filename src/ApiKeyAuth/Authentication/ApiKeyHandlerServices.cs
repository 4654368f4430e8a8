using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the services of all handlers. They are resolved once, because each request creates a handler.</summary>
/// <remarks>The formats by which the log explains malformed keys are null outside Development.</remarks>
internal sealed record ApiKeyHandlerServices(
    IOptionsMonitor<ApiKeySchemeOptions> Options, ILogger<ApiKeyHandler> Logger, TimeProvider Clock,
    CredentialReader Reader, ApiKeyVerifier Verifier, OwnerPermissionEvaluator Owners, ApiKeyErrorOptions Errors, ApiKeyMetrics Metrics,
    bool HasClaimsTransformation,
    ResponseCachingDetector Caching, LogLevel RejectionLogLevel, ApiKeyFormats? DiagnosedFormats);
