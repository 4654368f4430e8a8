using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Replaces the secret of a key. The old one stays valid for a grace period.</summary>
internal static class RotateEndpoint
{
    /// <summary>The grace periods in minutes: now, 15 minutes, 1 hour, 6 hours and 24 hours.</summary>
    public static IReadOnlyList<int> GraceMinutes { get; } = [0, 15, 60, 360, 1_440];

    public static Task<IResult> GetAsync(DashboardRequest request) => EditEndpoint.ShowAsync<RotatePage>(request);

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        var read = await EditEndpoint.ReadAsync(request);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var model = new FormModel { Key = read.Value };
        if (!int.TryParse(form["grace"], out var minutes) || !GraceMinutes.Contains(minutes))
        {
            return PageResults.Form<RotatePage>(
                request, model with { Message = request.Texts["error.grace"], StatusCode = StatusCodes.Status400BadRequest });
        }

        var rotation = new ApiKeyRotation { Grace = TimeSpan.FromMinutes(minutes) };
        var rotated = await request.Manager.RotateAsync(request.Caller, read.Value.Id, rotation, read.Value.Version, request.Aborted);
        return rotated.Succeeded
            ? SecretEndpoint.Show(request, rotated.Value)
            : PageResults.Form<RotatePage>(request, model.WithError(rotated.Error));
    }

    /// <summary>Ends the old secret now.</summary>
    public static async Task<IResult> CompleteAsync(DashboardRequest request) => Finish(
        request,
        "completed",
        await request.Manager.CompleteRotationAsync(request.Caller, SecretEndpoint.GetId(request), cancellationToken: request.Aborted));

    /// <summary>Drops the new secret.</summary>
    public static async Task<IResult> CancelAsync(DashboardRequest request) => Finish(
        request,
        "canceled",
        await request.Manager.CancelRotationAsync(request.Caller, SecretEndpoint.GetId(request), cancellationToken: request.Aborted));

    private static IResult Finish(DashboardRequest request, string notice, ApiKeyResult<ApiKey> result) => result.Succeeded
        ? PageResults.SeeOther(request, $"{request.KeyLink(result.Value.Id)}?notice={notice}")
        : PageResults.Error(request, result.Error);
}
