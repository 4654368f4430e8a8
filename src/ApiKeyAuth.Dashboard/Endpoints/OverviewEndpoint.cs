using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Shows the requests of all keys and which keys need attention.</summary>
internal static class OverviewEndpoint
{
    private const int MaxKeys = 1_000;
    private const int HoursOfDay = 24;

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var read = await request.Manager.ListAsync(
            request.Caller,
            new ApiKeyListRequest { Limit = MaxKeys, IncludeTotal = true, UsageHours = OverviewModel.Days * HoursOfDay },
            request.Aborted);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var (page, now) = (read.Value, request.Now);
        var management = request.Context.RequestServices.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.Management;
        return PageResults.Page<OverviewPage>(request, new OverviewModel
        {
            Keys = page.Keys,
            Total = page.Total ?? page.Keys.Count,
            Usage = page.Usage,
            Items = [.. page.Keys.SelectMany(key => Attention.Find(key, now, management.MaxSecretAge, page.Usage is not null))],
        });
    }
}
