using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>What came of a credential: the key, or why not, for the operator (<see cref="Outcome"/>) and for the caller (<see cref="Refusal"/>).</summary>
internal readonly record struct Verification(KeyOutcome Outcome, VerifiedApiKey? Verified, ApiKeyRefusal? Refusal)
{
    public static Verification Accepted(VerifiedApiKey verified) => new(KeyOutcome.Accepted, verified, null);

    public static Verification Refused(KeyOutcome outcome, ApiKeyRefusal refusal, VerifiedApiKey? verified = null) => new(outcome, verified, refusal);
}
