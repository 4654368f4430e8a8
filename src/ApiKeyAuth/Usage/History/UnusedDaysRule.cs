namespace ApiKeyAuth.Usage.History;

/// <summary>Validates the number of days after which something counts as unused.</summary>
internal static class UnusedDaysRule
{
    public const string Field = "unusedDays";
    private const int MaxDays = 3_660;

    public static void Validate(int? days, Dictionary<string, string> problems)
    {
        if (days is < 0 or > MaxDays)
        {
            problems.TryAdd(Field, $"must be 0 to {MaxDays}");
        }
    }
}
