using System.Collections.ObjectModel;

namespace ApiKeyAuth.Management;

/// <summary>Represents a request for a page of audit entries.</summary>
public sealed record ApiKeyAuditListRequest
{
    /// <summary>Gets the ID of a key, which may have been deleted, or null for all keys.</summary>
    public string? KeyId { get; init; }

    /// <summary>Gets who made the change, such as <c>key:{id}</c> or <c>user:{id}</c>, or null for everyone.</summary>
    public string? Actor { get; init; }

    /// <summary>Gets the action, such as <c>create</c>, or null for all actions.</summary>
    public string? Action { get; init; }

    /// <summary>Gets the address from which the change was made, or null for all addresses.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the inclusive lower bound of the time of the entries, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the exclusive upper bound of the time of the entries, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets the maximum number of entries to return, from 1 to 1,000. The default is 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Gets <see cref="ApiKeyAuditPage.NextCursor"/> of the previous page, or null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Gets the errors found while parsing the request, by field. They are reported with all other errors.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
