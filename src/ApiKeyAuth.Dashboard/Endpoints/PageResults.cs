using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Creates the results of the endpoints.</summary>
internal static class PageResults
{
    public static IResult Page<TPage>(DashboardRequest request, object model, int statusCode = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        request.Model = model;

        // The token sets a cookie, which is not possible once the page is being written.
        _ = request.Tokens;
        return new RazorComponentResult<TPage> { StatusCode = statusCode, PreventStreamingRendering = true };
    }

    public static IResult Form<TPage>(DashboardRequest request, FormModel model)
        where TPage : IComponent =>
        Page<TPage>(request, model, model.StatusCode);

    /// <summary>Redirects with 303, so that the browser gets the next page and a reload does not post the form again.</summary>
    public static IResult SeeOther(DashboardRequest request, string url)
    {
        request.Context.Response.Headers.Location = url;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    public static IResult Error(DashboardRequest request, ApiKeyError error)
    {
        if (error.RetryAfterSeconds is { } seconds)
        {
            request.Context.Response.Headers.RetryAfter = FormattableString.Invariant($"{seconds}");
        }

        var texts = request.Texts;
        var model = error.StatusCode switch
        {
            StatusCodes.Status404NotFound => new ErrorModel(texts["error.notFound.title"], texts["error.notFound"]),
            StatusCodes.Status503ServiceUnavailable => new ErrorModel(texts["error.store.title"], texts["error.store"]),
            _ => new ErrorModel(texts["error.title"], error.Message),
        };
        return Page<ErrorPage>(request, model, error.StatusCode);
    }

    public static IResult Forbidden(DashboardRequest request, string message) =>
        Page<ErrorPage>(request, new ErrorModel(request.Texts["error.forbidden.title"], message), StatusCodes.Status403Forbidden);
}
