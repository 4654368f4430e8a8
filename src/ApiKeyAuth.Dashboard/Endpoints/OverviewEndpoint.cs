using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
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
        var services = request.Context.RequestServices;
        var canOrder = services.GetRequiredService<IWritableApiKeyStore>() is IOrderedApiKeyStore;
        var usage = new ApiKeyListRequest
        {
            Limit = MaxKeys,
            Order = canOrder ? ApiKeyOrder.LastUsedDescending : ApiKeyOrder.Newest,
            IncludeTotal = true,
            UsageHours = OverviewModel.Days * HoursOfDay,
        };
        var read = await request.Manager.ListAsync(request.Caller, usage, request.Aborted);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var page = read.Value;
        var keys = page.Keys.ToDictionary(key => key.Id, StringComparer.Ordinal);
        long active = keys.Values.Count(key => key.GetStatus(request.Now) == ApiKeyStatus.Active);
        var isPartial = page.Total > page.Keys.Count;
        var hasMore = false;
        if (isPartial)
        {
            foreach (var other in ListOthers(page.Usage is not null, canOrder))
            {
                var found = await request.Manager.ListAsync(request.Caller, other, request.Aborted);
                if (!found.Succeeded)
                {
                    return PageResults.Error(request, found.Error);
                }

                active = found.Value.Total ?? active;
                hasMore |= other.Limit == MaxKeys && found.Value.Keys.Count == MaxKeys;
                found.Value.Keys.ToList().ForEach(key => keys.TryAdd(key.Id, key));
            }
        }

        var maxAge = services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.Management.MaxSecretAge;
        return PageResults.Page<OverviewPage>(request, new OverviewModel
        {
            Keys = page.Keys,
            Total = page.Total ?? page.Keys.Count,
            Active = active,
            IsPartial = isPartial,
            IsNewest = !canOrder,
            Usage = page.Usage,
            Items =
            [
                .. keys.Values.SelectMany(key => Attention.Find(key, request.Now, maxAge, page.Usage is not null))
                    .OrderBy(item => Attention.Reasons.IndexOf(item.Reason)),
            ],
            HasMoreItems = hasMore,
        });
    }

    /// <summary>
    /// Lists the keys that need attention beyond those of the first page: a constant number of queries, also for 100,000 keys.
    /// </summary>
    private static IEnumerable<ApiKeyListRequest> ListOthers(bool countsUsage, bool canOrder)
    {
        yield return new() { Status = ApiKeyStatus.Active, Limit = 1, IncludeTotal = true };
        yield return new() { ExpiresWithinDays = Attention.SoonDays, Limit = MaxKeys };
        yield return new() { Status = ApiKeyStatus.Idle, Limit = MaxKeys };
        if (countsUsage)
        {
            yield return new()
            {
                Status = ApiKeyStatus.Active,
                UnusedDays = Attention.NewDays,
                Order = canOrder ? ApiKeyOrder.LastUsed : ApiKeyOrder.Newest,
                Limit = MaxKeys,
            };
        }
    }
}
