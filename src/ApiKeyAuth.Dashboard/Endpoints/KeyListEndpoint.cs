using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Lists keys. Any number of keys takes the same number of queries.</summary>
internal static class KeyListEndpoint
{
    /// <summary>The maximum number of keys to sort. The store returns the newest first, so another order needs all of them.</summary>
    private const int MaxSorted = 1_000;

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var query = ListQuery.Parse(request.Context.Request.Query);
        var pageSize = request.Options.PageSize;
        var isSorted = !query.HasDefaultOrder;
        var read = await ReadAsync(request, query, isSorted ? MaxSorted : pageSize);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var isUnsorted = isSorted && read.Value.Total > MaxSorted;
        var unsorted = query with { Sort = ListQuery.Created, IsDescending = true, Page = 1 };
        var model = new ListModel
        {
            Query = isUnsorted ? unsorted : query,
            Keys = isUnsorted ? [.. read.Value.Keys.Take(pageSize)] : read.Value.Keys,
            Total = read.Value.Total ?? read.Value.Keys.Count,
            Next = !isSorted && read.Value.NextCursor is { } cursor ? query with { Cursor = cursor } : null,
            Previous = !isSorted && query.Cursor is not null ? query with { Cursor = null } : null,
            IsUnsorted = isUnsorted,
            Environments = request.Context.RequestServices.GetRequiredService<ApiKeyFormats>().Issuing.Environments,
            Usage = read.Value.Usage,
            Notice = Notice.Parse(request.Context.Request.Query),
        };
        return PageResults.Page<KeyListPage>(request, isSorted && !isUnsorted ? Sort(model, pageSize) : model);
    }

    private static Task<ApiKeyResult<ApiKeyPage>> ReadAsync(DashboardRequest request, ListQuery query, int limit) =>
        request.Manager.ListAsync(request.Caller, query.ToRequest(limit), request.Aborted);

    private static ListModel Sort(ListModel model, int pageSize)
    {
        var query = model.Query;
        var last = Math.Max(1, (model.Keys.Count + pageSize - 1) / pageSize);
        var page = Math.Min(query.Page, last);
        return model with
        {
            Query = query with { Page = page },
            Keys = [.. Order(model.Keys, query).Skip((page - 1) * pageSize).Take(pageSize)],
            Previous = page > 1 ? query with { Page = page - 1 } : null,
            Next = page < last ? query with { Page = page + 1 } : null,
        };
    }

    private static IEnumerable<ApiKey> Order(IReadOnlyList<ApiKey> keys, ListQuery query)
    {
        var ordered = query.Sort switch
        {
            ListQuery.Name => keys.OrderBy(key => key.Name, StringComparer.OrdinalIgnoreCase),
            ListQuery.Used => keys.OrderBy(key => key.LastUsedAt ?? DateTimeOffset.MinValue),
            _ => keys.OrderBy(key => key.CreatedAt),
        };
        return query.IsDescending ? ordered.ThenBy(key => key.Id, StringComparer.Ordinal).Reverse() : ordered;
    }
}
