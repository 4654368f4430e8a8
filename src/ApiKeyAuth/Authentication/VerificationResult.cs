using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Represents the result of a verification: the key, or the reason for the rejection. The operator sees the outcome, and the caller sees
/// the error.
/// </summary>
/// <param name="Outcome">The outcome for logs and metrics.</param>
/// <param name="Verified">The key, or null if the secret is unknown.</param>
/// <param name="Error">The error, or null if the key is accepted.</param>
/// <param name="VerifiedAt">
/// The time of the verification of an accepted key, in UTC ticks. Later steps use it and do not read the clock again.
/// </param>
internal readonly record struct VerificationResult(
    AuthenticationOutcome Outcome, VerifiedApiKey? Verified, ApiKeyError? Error, long VerifiedAt = 0)
{
    public static VerificationResult Accepted(VerifiedApiKey verified, long verifiedAt) =>
        new(AuthenticationOutcome.Accepted, verified, null, verifiedAt);

    public static VerificationResult Rejected(AuthenticationOutcome outcome, ApiKeyError error, VerifiedApiKey? verified = null) =>
        new(outcome, verified, error);
}
