using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Keys.Scopes;

/// <summary>Is told which scopes of a key were needed.</summary>
internal interface IScopeUsageRecorder
{
    /// <summary>Notes that a request was let in for a scope its key holds.</summary>
    /// <param name="verified">The key.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="at">When, in ticks of UTC, or 0 for now.</param>
    void RecordUse(VerifiedApiKey verified, string scope, long at);
}
