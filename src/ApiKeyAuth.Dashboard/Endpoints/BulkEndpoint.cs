using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Disables, enables, revokes or deletes several keys, after a confirmation that names them.</summary>
internal static class BulkEndpoint
{
    private const int MaxKeys = 100;

    private static readonly string[] Actions = ["disable", "enable", "revoke", "delete"];

    /// <summary>Shows the confirmation.</summary>
    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var query = request.Context.Request.Query;
        if (Actions.FirstOrDefault(known => known == query["action"]) is not { } action || ReadIds(query["id"]) is not [_, ..] ids)
        {
            return PageResults.SeeOther(request, request.Link());
        }

        var keys = new List<ApiKey>();
        foreach (var id in ids)
        {
            var read = await request.Manager.GetAsync(request.Caller, id, request.Aborted);
            if (read.Succeeded)
            {
                keys.Add(read.Value);
            }
            else if (read.Error.StatusCode != StatusCodes.Status404NotFound || ids.Length == 1)
            {
                return PageResults.Error(request, read.Error);
            }
        }

        return PageResults.Page<BulkPage>(request, new BulkModel { Action = action, Keys = keys });
    }

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        if (Actions.FirstOrDefault(known => known == form["action"]) is not { } action || ReadIds(form["id"]) is not [_, ..] ids)
        {
            return PageResults.SeeOther(request, request.Link());
        }

        var failed = new List<ApiKey>();
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        ApiKeyError? first = null;
        foreach (var id in ids)
        {
            if (await RunAsync(request, action, id) is { } error)
            {
                first ??= error;
                failures.Add(id, error.Message);
                var read = await request.Manager.GetAsync(request.Caller, id, request.Aborted);
                failed.Add(read.Succeeded ? read.Value : new ApiKey { Id = id, Name = id });
            }
        }

        return first is null
            ? PageResults.SeeOther(request, FormattableString.Invariant($"{request.Link()}?notice=bulk-{action}&count={ids.Length}"))
            : PageResults.Page<BulkPage>(
                request, new BulkModel { Action = action, Keys = failed, Failures = failures }, first.StatusCode);
    }

    private static async Task<ApiKeyError?> RunAsync(DashboardRequest request, string action, string id)
    {
        var (manager, caller, aborted) = (request.Manager, request.Caller, request.Aborted);
        return action switch
        {
            "delete" => (await manager.DeleteAsync(caller, id, cancellationToken: aborted)).Error,
            "revoke" => (await manager.RevokeAsync(caller, id, cancellationToken: aborted)).Error,
            _ => (await manager.UpdateAsync(
                caller, id, new ApiKeyPatch { Enabled = action == "enable" }, cancellationToken: aborted)).Error,
        };
    }

    private static string[] ReadIds(StringValues values) =>
        [.. values.OfType<string>().Where(id => id.Length is > 0 and <= 200).Distinct(StringComparer.Ordinal).Take(MaxKeys)];
}
