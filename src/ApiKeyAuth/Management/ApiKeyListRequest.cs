using System.Collections.ObjectModel;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Represents a request for a page of keys.</summary>
public sealed record ApiKeyListRequest
{
    /// <summary>Gets the owner, or null for all owners.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Gets the environment, or null for all environments.</summary>
    public string? Environment { get; init; }

    /// <summary>Gets the current status, or null for all statuses.</summary>
    public ApiKeyStatus? Status { get; init; }

    /// <summary>Gets a part of the name, compared case-sensitively, or null for all names.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the number of days, from 0 to 3,660, in which the keys were neither used nor created, or null for all keys.</summary>
    public int? UnusedDays { get; init; }

    /// <summary>
    /// Gets the number of days, from 0 to 3,660, within which the active keys expire, or null for all keys. It overrides
    /// <see cref="Status"/>.
    /// </summary>
    public int? ExpiresWithinDays { get; init; }

    /// <summary>
    /// Gets whether only keys are listed whose hash is still that of another system, because they were not used since the import. The
    /// default is false.
    /// </summary>
    public bool HasLegacyHash { get; init; }

    /// <summary>Gets the maximum number of keys to return, from 1 to 1,000. The default is 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Gets <see cref="ApiKeyPage.NextCursor"/> of the previous page, or null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Gets the order of the keys. The default is newest first.</summary>
    /// <remarks>
    /// Another order needs a store that implements <see cref="IOrderedApiKeyStore"/>, and its pages have no cursor; use <see cref="Skip"/>.
    /// </remarks>
    public ApiKeyOrder Order { get; init; }

    /// <summary>
    /// Gets the number of matching keys before the page, if <see cref="Order"/> is not newest first. The default is 0.
    /// </summary>
    public int Skip { get; init; }

    /// <summary>Gets whether to count all matching keys, which takes another query. The default is false.</summary>
    public bool IncludeTotal { get; init; }

    /// <summary>
    /// Gets the number of hours, from 1 to 744 and with the current one, whose requests to include in <see cref="ApiKeyPage.Usage"/>, which
    /// takes another query; or null for none. The default is null.
    /// </summary>
    /// <remarks>If the store does not count usage, none is included.</remarks>
    public int? UsageHours { get; init; }

    /// <summary>Gets the errors found while parsing the request, by field. They are reported with all other errors.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
