using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Represents a key whose secret leaked, as it was before the leak was handled.</summary>
/// <param name="Key">The key.</param>
/// <param name="Outcome">One or two sentences about what was done, and what is left to do.</param>
internal sealed record LeakedKey(ApiKey Key, string Outcome);
