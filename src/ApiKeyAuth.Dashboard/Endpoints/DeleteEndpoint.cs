using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Deletes a key, if its name is typed.</summary>
internal static class DeleteEndpoint
{
    public static Task<IResult> GetAsync(DashboardRequest request) => EditEndpoint.ShowAsync<DeletePage>(request);

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        var read = await EditEndpoint.ReadAsync(request);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var typed = form["name"].ToString().Trim();
        var model = new FormModel { Key = read.Value, Form = new KeyForm { Name = typed } };
        if (typed != read.Value.Name.Trim())
        {
            return PageResults.Form<DeletePage>(request, model with
            {
                Problems = new Dictionary<string, string> { ["name"] = request.Texts["error.typedName", read.Value.Name] },
                StatusCode = StatusCodes.Status400BadRequest,
            });
        }

        var deleted = await request.Manager.DeleteAsync(request.Caller, read.Value.Id, read.Value.Version, request.Aborted);
        return deleted.Succeeded
            ? PageResults.SeeOther(request, request.Link() + "?notice=deleted")
            : PageResults.Form<DeletePage>(request, model.WithError(deleted.Error));
    }
}
