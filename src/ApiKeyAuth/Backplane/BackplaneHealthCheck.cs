using ApiKeyAuth.Caching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiKeyAuth.Backplane;

/// <summary>Reports whether this node may answer from its cache.</summary>
internal sealed class BackplaneHealthCheck(
    CacheLease lease, IApiKeyInvalidator invalidator, IApiKeyBackplaneMembership membership, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !invalidator.HasBackplane ? HealthCheckResult.Healthy("No backplane is configured.")
            : lease.IsHeld(clock.GetTimestamp())
                ? HealthCheckResult.Healthy($"The backplane answers; it lists {membership.MemberCount} nodes.")
            : new HealthCheckResult(
                context.Registration.FailureStatus,
                "The backplane does not answer, so every request queries the key store. See the log for the reason."));
}
