using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authorization;

/// <summary>Finds endpoints that must have their own authorization policy but do not. A fallback policy is not sufficient.</summary>
internal static class MissingPolicyCheck
{
    public static IEnumerable<string> FindProblems(IEnumerable<Endpoint> endpoints) =>
        endpoints
            .Where(IsOpen)
            .Select(endpoint => endpoint.Metadata.GetMetadata<RequiresPolicyMetadata>()!.Call)
            .Distinct()
            .Select(call => $"{call} has no policy, so any caller could manage keys; "
                + $"call RequireKeyScopes() on MapApiKeys(), or {call}.RequireAuthorization(…).");

    private static bool IsOpen(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RequiresPolicyMetadata>() is not null
        && (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || (endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
                && endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null
                && endpoint.Metadata.GetMetadata<IAuthorizationRequirementData>() is null));
}
