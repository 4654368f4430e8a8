using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
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
        return query.HasDefaultOrder ? await GetNewestAsync(request, query)
            : request.Context.RequestServices.GetRequiredService<IWritableApiKeyStore>() is IOrderedApiKeyStore
                ? await GetOrderedAsync(request, query)
            : await GetSortedAsync(request, query);
    }

    private static async Task<IResult> GetNewestAsync(DashboardRequest request, ListQuery query)
    {
        var read = await request.Manager.ListAsync(request.Caller, query.ToRequest(request.Options.PageSize), request.Aborted);
        return !read.Succeeded ? PageResults.Error(request, read.Error) : Show(request, CreateModel(request, query, read.Value) with
        {
            Next = read.Value.NextCursor is { } cursor ? query with { Cursor = cursor } : null,
            Previous = query.Cursor is not null ? query with { Cursor = null } : null,
        });
    }

    /// <summary>Lists keys in an order of the store.</summary>
    private static async Task<IResult> GetOrderedAsync(DashboardRequest request, ListQuery query)
    {
        var size = request.Options.PageSize;
        var read = await ReadAsync(query);
        if (read is { Succeeded: true, Value: { Keys.Count: 0, Total: > 0 } empty })
        {
            // The keys of this page were deleted.
            query = query with { Page = GetLastPage(empty.Total.Value, size) };
            read = await ReadAsync(query);
        }

        return !read.Succeeded
            ? PageResults.Error(request, read.Error)
            : Show(request, CreatePage(CreateModel(request, query, read.Value), query.Page, size));

        Task<ApiKeyResult<ApiKeyPage>> ReadAsync(ListQuery page) => request.Manager.ListAsync(
            request.Caller, page.ToRequest(size) with { Order = page.Order, Skip = (page.Page - 1) * size }, request.Aborted);
    }

    /// <summary>Sorts the keys of a store that lists the newest first only. If there are too many, the page says so.</summary>
    private static async Task<IResult> GetSortedAsync(DashboardRequest request, ListQuery query)
    {
        var size = request.Options.PageSize;
        var read = await request.Manager.ListAsync(request.Caller, query.ToRequest(MaxSorted), request.Aborted);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        if (read.Value.Total > MaxSorted)
        {
            query = query with { Sort = ListQuery.Created, IsDescending = true, Page = 1 };
            var newest = CreateModel(request, query, read.Value);
            return Show(request, newest with { Keys = [.. newest.Keys.Take(size)], IsUnsorted = true });
        }

        var model = CreateModel(request, query, read.Value);
        var page = Math.Min(query.Page, GetLastPage(model.Total, size));
        return Show(request, CreatePage(model, page, size) with
        {
            Query = query with { Page = page },
            Keys = [.. Sort(model.Keys, query).Skip((page - 1) * size).Take(size)],
        });
    }

    private static IResult Show(DashboardRequest request, ListModel model) => PageResults.Page<KeyListPage>(request, model);

    private static int GetLastPage(long total, int size) => (int)Math.Max(1, (total + size - 1) / size);

    private static ListModel CreatePage(ListModel model, int page, int size) => model with
    {
        Previous = page > 1 ? model.Query with { Page = page - 1 } : null,
        Next = page < GetLastPage(model.Total, size) ? model.Query with { Page = page + 1 } : null,
    };

    private static ListModel CreateModel(DashboardRequest request, ListQuery query, ApiKeyPage page) => new()
    {
        Query = query,
        Keys = page.Keys,
        Total = page.Total ?? page.Keys.Count,
        Environments = request.Context.RequestServices.GetRequiredService<ApiKeyFormats>().Issuing.Environments,
        Usage = page.Usage,
        Notice = Notice.Parse(request.Context.Request.Query),
    };

    private static IEnumerable<ApiKey> Sort(IReadOnlyList<ApiKey> keys, ListQuery query)
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
