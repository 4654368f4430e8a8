using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Revokes a key permanently.</summary>
internal static class RevokeEndpoint
{
    public static Task<IResult> GetAsync(DashboardRequest request) => EditEndpoint.ShowAsync<RevokePage>(request);

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        var read = await EditEndpoint.ReadAsync(request);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var reason = form["reason"].ToString().Trim();
        var revocation = new ApiKeyRevocation
        {
            Reason = reason.Length > 0 ? reason : null,
            Cascade = form.ContainsKey("cascade"),
        };
        var revoked = await request.Manager.RevokeAsync(request.Caller, read.Value.Id, revocation, request.Aborted);
        return revoked.Succeeded
            ? PageResults.SeeOther(request, request.KeyLink(read.Value.Id) + "?notice=revoked")
            : PageResults.Form<RevokePage>(
                request, new FormModel { Key = read.Value, Form = new KeyForm { Name = reason } }.WithError(revoked.Error));
    }
}
