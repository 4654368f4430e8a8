using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Shows a new secret, once.</summary>
internal static class SecretEndpoint
{
    /// <summary>Redirects to the page that shows a secret.</summary>
    public static IResult Show(DashboardRequest request, IssuedApiKey issued)
    {
        request.Context.RequestServices.GetRequiredService<SecretCookie>().Write(request, issued);
        return PageResults.SeeOther(request, request.KeyLink(issued.Key.Id, "/secret"));
    }

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var id = GetId(request);
        var read = await request.Manager.GetAsync(request.Caller, id, request.Aborted);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var secret = request.Context.RequestServices.GetRequiredService<SecretCookie>().Take(request, id);
        return PageResults.Page<SecretPage>(request, new SecretModel
        {
            Key = read.Value,
            Secret = secret,
            TestRequests = secret is null ? [] : await TestRequests.CreateAsync(request, secret),
        });
    }

    /// <summary>Returns 200 with a text once the current secret was used, and 204 before.</summary>
    public static async Task<IResult> GetFirstUseAsync(DashboardRequest request)
    {
        var read = await request.Manager.GetAsync(request.Caller, GetId(request), request.Aborted);
        return !read.Succeeded ? TypedResults.StatusCode(read.Error.StatusCode)
            : read.Value.Secrets is [{ LastUsedAt: not null }, ..] ? TypedResults.Text(request.Texts["secret.used"])
            : TypedResults.NoContent();
    }

    public static string GetId(DashboardRequest request) => request.Context.GetRouteValue("id") as string ?? "";
}
