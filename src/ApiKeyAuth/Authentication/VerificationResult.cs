using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// What came of a credential: the key, or why not, for the operator (<see cref="Outcome"/>) and for the caller (<see cref="Error"/>).
/// </summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Verified">The key, where its secret was known.</param>
/// <param name="Error">Why not.</param>
/// <param name="VerifiedAt">
/// The moment at which an accepted key was judged, in ticks of UTC; what else happens to the request need not read the clock again.
/// </param>
internal readonly record struct VerificationResult(
    AuthenticationOutcome Outcome, VerifiedApiKey? Verified, ApiKeyError? Error, long VerifiedAt = 0)
{
    public static VerificationResult Accepted(VerifiedApiKey verified, long verifiedAt) =>
        new(AuthenticationOutcome.Accepted, verified, null, verifiedAt);

    public static VerificationResult Rejected(AuthenticationOutcome outcome, ApiKeyError error, VerifiedApiKey? verified = null) =>
        new(outcome, verified, error);
}
