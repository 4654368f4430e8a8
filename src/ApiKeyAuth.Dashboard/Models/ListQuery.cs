using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the filters, the order and the page of the list, which are all in its URL.</summary>
internal sealed record ListQuery
{
    public const string Created = "created";
    public const string Name = "name";
    public const string Used = "used";

    public const int UnusedDays = 30;
    public const int UsageHours = 36;

    private static readonly string[] SortNames = [Created, Name, Used];

    public string? Search { get; init; }

    public ApiKeyStatus? Status { get; init; }

    public string? Environment { get; init; }

    public string? OwnerId { get; init; }

    public bool IsUnused { get; init; }

    public string Sort { get; init; } = Created;

    public bool IsDescending { get; init; } = true;

    public string? Cursor { get; init; }

    public int Page { get; init; } = 1;

    /// <summary>Gets a value indicating whether the list has the order of the store, newest first.</summary>
    public bool HasDefaultOrder => Sort == Created && IsDescending;

    public bool HasFilter => Search is not null || Status is not null || Environment is not null || OwnerId is not null || IsUnused;

    public static ListQuery Parse(IQueryCollection query)
    {
        var sort = Read(query, "sort") ?? "";
        var name = sort.TrimStart('-');
        var isKnown = SortNames.Contains(name);
        return new()
        {
            Search = Read(query, "q"),
            Status = Enum.GetValues<ApiKeyStatus>().Cast<ApiKeyStatus?>()
                .FirstOrDefault(status => ToText(status!.Value) == query["status"]),
            Environment = Read(query, "environment"),
            OwnerId = Read(query, "owner"),
            IsUnused = Read(query, "unused") is not null,
            Sort = isKnown ? name : Created,
            IsDescending = !isKnown || sort is ['-', ..],
            Cursor = Read(query, "cursor"),
            Page = int.TryParse(query["page"], out var page) && page is > 0 and <= 1_000_000 ? page : 1,
        };
    }

    public static string ToText(ApiKeyStatus status) => status switch
    {
        ApiKeyStatus.Active => "active",
        ApiKeyStatus.Pending => "pending",
        ApiKeyStatus.Idle => "idle",
        ApiKeyStatus.Disabled => "disabled",
        ApiKeyStatus.Expired => "expired",
        ApiKeyStatus.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>Returns the same filters in another order. A second click on a column reverses it.</summary>
    public ListQuery OrderBy(string sort) => this with
    {
        Sort = sort,
        IsDescending = sort == Sort ? !IsDescending : sort is Created or Used,
        Cursor = null,
        Page = 1,
    };

    /// <summary>Gets the order for a store that can list keys in it.</summary>
    public ApiKeyOrder Order => (Sort, IsDescending) switch
    {
        (Name, false) => ApiKeyOrder.Name,
        (Name, true) => ApiKeyOrder.NameDescending,
        (Used, false) => ApiKeyOrder.LastUsed,
        (Used, true) => ApiKeyOrder.LastUsedDescending,
        (_, false) => ApiKeyOrder.Oldest,
        _ => ApiKeyOrder.Newest,
    };

    public ApiKeyListRequest ToRequest(int limit) => new()
    {
        Name = Search,
        Status = Status,
        Environment = Environment,
        OwnerId = OwnerId,
        UnusedDays = IsUnused ? UnusedDays : null,
        Limit = limit,
        Cursor = HasDefaultOrder ? Cursor : null,
        IncludeTotal = true,
        UsageHours = UsageHours,
    };

    public string ToQueryString()
    {
        var builder = new QueryBuilder();
        foreach (var (name, value) in new[]
        {
            ("q", Search),
            ("status", Status is { } status ? ToText(status) : null),
            ("environment", Environment),
            ("owner", OwnerId),
            ("unused", IsUnused ? "1" : null),
            ("sort", HasDefaultOrder ? null : (IsDescending ? "-" : "") + Sort),
            ("cursor", Cursor),
            ("page", Page > 1 ? FormattableString.Invariant($"{Page}") : null),
        })
        {
            if (value is not null)
            {
                builder.Add(name, value);
            }
        }

        return builder.ToString();
    }

    private static string? Read(IQueryCollection query, string name) =>
        query[name].ToString().Trim() is { Length: > 0 and <= 400 } value ? value : null;
}
