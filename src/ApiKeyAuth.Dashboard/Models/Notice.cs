using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the message after a redirect. The URL names a known text, so a link cannot show any other.</summary>
internal sealed record Notice(string Name, long? Count)
{
    /// <summary>Gets a value indicating whether the message reports a failure.</summary>
    public bool IsProblem => Name is "test-status" or "test-failed" or "test-timeout" or "test-gone";

    private static readonly string[] Names =
    [
        "disabled", "enabled", "revoked", "deleted", "saved", "narrowed", "completed", "canceled",
        "test-delivered", "test-status", "test-failed", "test-timeout", "test-gone",
        "alerts-saved", "alerts-reset", "bulk-disable", "bulk-enable", "bulk-revoke", "bulk-delete",
    ];

    public static Notice? Parse(IQueryCollection query) =>
        Names.FirstOrDefault(name => name == query["notice"]) is not { } known ? null
        : !known.StartsWith("bulk-", StringComparison.Ordinal) && known != "test-status" ? new Notice(known, null)
        : int.TryParse(query["count"], out var count) && count is > 0 and <= 1_000 ? new Notice(known, count)
        : null;
}
