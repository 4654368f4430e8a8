using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Keys.Scopes;

/// <summary>Records which scopes of a key are used.</summary>
internal interface IScopeUsageRecorder
{
    /// <summary>Records that a request was authorized by a scope of its key.</summary>
    /// <param name="verified">The key.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="at">The time in UTC ticks, or 0 for the current time.</param>
    void RecordUse(VerifiedApiKey verified, string scope, long at);
}
