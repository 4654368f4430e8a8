using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Disables and enables a key. Each undoes the other, so neither needs a confirmation.</summary>
internal static class EnabledEndpoint
{
    public static Task<IResult> DisableAsync(DashboardRequest request) => SetAsync(request, isEnabled: false);

    public static Task<IResult> EnableAsync(DashboardRequest request) => SetAsync(request, isEnabled: true);

    private static async Task<IResult> SetAsync(DashboardRequest request, bool isEnabled)
    {
        var id = SecretEndpoint.GetId(request);
        var updated = await request.Manager.UpdateAsync(
            request.Caller, id, new ApiKeyPatch { Enabled = isEnabled }, cancellationToken: request.Aborted);
        return updated.Succeeded
            ? PageResults.SeeOther(request, $"{request.KeyLink(id)}?notice={(isEnabled ? "enabled" : "disabled")}")
            : PageResults.Error(request, updated.Error);
    }
}
