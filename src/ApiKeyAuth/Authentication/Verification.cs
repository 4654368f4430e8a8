using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>What came of a credential: the key, or why not, for the operator (<see cref="Outcome"/>) and for the caller (<see cref="Refusal"/>).</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Verified">The key, where its secret was known.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="At">The moment at which an accepted key was judged, in ticks of UTC; what else happens to the request need not read the clock again.</param>
internal readonly record struct Verification(KeyOutcome Outcome, VerifiedApiKey? Verified, ApiKeyRefusal? Refusal, long At = 0)
{
    public static Verification Accepted(VerifiedApiKey verified, long at) => new(KeyOutcome.Accepted, verified, null, at);

    public static Verification Refused(KeyOutcome outcome, ApiKeyRefusal refusal, VerifiedApiKey? verified = null) => new(outcome, verified, refusal);
}
