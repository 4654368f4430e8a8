using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Creates a key.</summary>
internal static class CreateEndpoint
{
    /// <summary>Shows the form. A link can propose values, so that an error page or a document can say which key is needed.</summary>
    public static Task<IResult> GetAsync(DashboardRequest request)
    {
        var catalog = request.Context.RequestServices.GetRequiredService<ScopeCatalog>();
        var form = KeyForm.Read(request.Context.Request.Query, catalog.DefaultScopes).Limit(request.Options.Fields);
        string[] unknown = catalog.IsEmpty ? [] : [.. (form.Scopes ?? []).Where(scope => !catalog.IsGrantable(scope))];
        var model = new FormModel { Form = form };
        return Task.FromResult(PageResults.Form<CreatePage>(request, unknown.Length == 0 ? model : model with
        {
            Form = form with { Scopes = [.. form.Scopes!.Except(unknown)] },
            Problems = new Dictionary<string, string>
            {
                ["scopes"] = request.Texts["error.unknownScopes", string.Join(", ", unknown)],
            },
            StatusCode = StatusCodes.Status400BadRequest,
        }));
    }

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var form = KeyForm.Read(await request.Context.Request.ReadFormAsync(request.Aborted)).Limit(request.Options.Fields);
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var key = KeyFormMapper.ToNewKey(form, request.Options.TimeZone, request.Texts, problems);
        var model = new FormModel { Form = form };
        if (problems.Count > 0)
        {
            return PageResults.Form<CreatePage>(
                request, model with { Problems = problems, StatusCode = StatusCodes.Status400BadRequest });
        }

        var created = await request.Manager.CreateAsync(request.Caller, key, request.Aborted);
        if (!created.Succeeded)
        {
            return PageResults.Form<CreatePage>(request, model.WithError(created.Error));
        }

        return SecretEndpoint.Show(request, created.Value);
    }
}
