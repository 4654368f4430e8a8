using ApiKeyAuth.Caching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiKeyAuth.Backplane;

/// <summary>Healthy while this node may answer from its cache.</summary>
internal sealed class BackplaneHealthCheck(CacheLease lease, IApiKeyInvalidator invalidator, IApiKeyBackplaneMembership membership, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !invalidator.HasBackplane ? HealthCheckResult.Healthy("There is no bus: this node knows of no other.")
            : lease.IsHeld(clock.GetTimestamp()) ? HealthCheckResult.Healthy($"The bus answers; {membership.MemberCount} nodes are listed.")
            : new HealthCheckResult(context.Registration.FailureStatus, "The bus does not answer, so the key store is asked for every request."));
}
