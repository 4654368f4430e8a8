using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Changes a key. If it was changed since the form was opened, the form says so and keeps what was entered.</summary>
internal static class EditEndpoint
{
    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var read = await ReadAsync(request);
        return read.Succeeded
            ? PageResults.Form<EditPage>(
                request, new FormModel { Key = read.Value, Form = KeyForm.Read(read.Value, request.Options.TimeZone) })
            : PageResults.Error(request, read.Error);
    }

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var posted = KeyForm.Read(await request.Context.Request.ReadFormAsync(request.Aborted));
        var read = await ReadAsync(request);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var key = read.Value;
        var form = posted.Complete(request.Options.Fields, KeyForm.Read(key, request.Options.TimeZone));
        var model = new FormModel { Key = key, Form = form };
        if (form.Version != key.Version)
        {
            return Conflict(request, model);
        }

        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var patch = KeyFormMapper.ToPatch(form, key, request.Now, request.Options.TimeZone, request.Texts, problems);
        if (problems.Count > 0)
        {
            return PageResults.Form<EditPage>(request, model with { Problems = problems, StatusCode = StatusCodes.Status400BadRequest });
        }

        var updated = await request.Manager.UpdateAsync(request.Caller, key.Id, patch, form.Version, request.Aborted);
        return updated.Succeeded ? PageResults.SeeOther(request, request.KeyLink(key.Id) + "?notice=saved")
            : updated.Error.StatusCode != StatusCodes.Status412PreconditionFailed
                ? PageResults.Form<EditPage>(request, model.WithError(updated.Error))
            : (await ReadAsync(request)).Value is { } current ? Conflict(request, model with { Key = current })
            : PageResults.Error(request, updated.Error);
    }

    /// <summary>Removes the scopes that the form names.</summary>
    public static async Task<IResult> NarrowAsync(DashboardRequest request)
    {
        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        var read = await ReadAsync(request);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        string[] kept = [.. read.Value.Scopes.Except(form["scope"].OfType<string>(), StringComparer.Ordinal)];
        var patch = new ApiKeyPatch { Scopes = new(kept) };
        var updated = await request.Manager.UpdateAsync(request.Caller, read.Value.Id, patch, read.Value.Version, request.Aborted);
        return updated.Succeeded
            ? PageResults.SeeOther(request, request.KeyLink(read.Value.Id) + "?notice=narrowed")
            : PageResults.Error(request, updated.Error);
    }

    /// <summary>Shows an empty form about a key.</summary>
    public static async Task<IResult> ShowAsync<TPage>(DashboardRequest request)
        where TPage : IComponent
    {
        var read = await ReadAsync(request);
        return read.Succeeded
            ? PageResults.Form<TPage>(request, new FormModel { Key = read.Value })
            : PageResults.Error(request, read.Error);
    }

    public static Task<ApiKeyResult<ApiKey>> ReadAsync(DashboardRequest request) =>
        request.Manager.GetAsync(request.Caller, SecretEndpoint.GetId(request), request.Aborted);

    // The version is the current one, so saving again replaces what was changed in the meantime, knowingly.
    private static IResult Conflict(DashboardRequest request, FormModel model) => PageResults.Form<EditPage>(request, model with
    {
        Form = model.Form with { Version = model.Key!.Version },
        Message = request.Texts["edit.conflict"],
        Conflicts = KeyFormMapper.FindDifferences(model.Form, KeyForm.Read(model.Key, request.Options.TimeZone)),
        StatusCode = StatusCodes.Status412PreconditionFailed,
    });
}
