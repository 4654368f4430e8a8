using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Validates the order of a list and the conditions that depend on time.</summary>
internal static class OrderRule
{
    private const int MaxDays = 3_660;

    public static void Validate(ApiKeyListRequest request, IWritableApiKeyStore store, Dictionary<string, string> problems)
    {
        if (request.ExpiresWithinDays is < 0 or > MaxDays)
        {
            problems.TryAdd("expiresWithinDays", $"must be from 0 to {MaxDays}");
        }

        if (request.Skip < 0 || (request.Skip > 0 && request.Order == ApiKeyOrder.Newest))
        {
            problems.TryAdd("skip", "must be at least 0, and 0 if the newest keys are first, whose pages have a cursor");
        }

        if (request.Order == ApiKeyOrder.Newest)
        {
            return;
        }

        if (!Enum.IsDefined(request.Order) || store is not IOrderedApiKeyStore)
        {
            problems.TryAdd("order", "is not supported: the store lists the newest API keys first");
        }

        if (request.Cursor is not null)
        {
            problems.TryAdd("cursor", "must be omitted unless the newest keys are first; use skip");
        }
    }
}
