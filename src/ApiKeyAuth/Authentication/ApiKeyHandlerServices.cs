using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;

namespace ApiKeyAuth.Authentication;

/// <summary>What every handler needs, gathered once: a handler is made for each request.</summary>
internal sealed record ApiKeyHandlerServices(
    CredentialReader Reader, ApiKeyVerifier Verifier, OwnerPermissions Owners, ApiKeyErrorOptions Errors, ApiKeyMetrics Metrics, bool HasClaimsTransformation);
