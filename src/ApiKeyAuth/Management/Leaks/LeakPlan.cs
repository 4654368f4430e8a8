using ApiKeyAuth.Authorization;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Represents how the leak of a key's secret is handled.</summary>
/// <param name="Caller">The caller of the changes.</param>
/// <param name="Action">The action.</param>
/// <param name="Grace">How long the leaked secret stays valid after a rotation.</param>
/// <param name="Reason">The reason for a revocation, or null.</param>
internal sealed record LeakPlan(ApiKeyCaller Caller, ApiKeyLeakAction Action, TimeSpan Grace = default, string? Reason = null);
