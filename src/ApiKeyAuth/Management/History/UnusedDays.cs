namespace ApiKeyAuth.Management;

/// <summary>The number of days after which what is not used counts as unused.</summary>
internal static class UnusedDays
{
    public const string Field = "unusedDays";
    private const int Most = 3_660;

    public static void Check(int? days, Dictionary<string, string> problems)
    {
        if (days is < 0 or > Most)
        {
            problems.TryAdd(Field, $"ranges from 0 to {Most}");
        }
    }
}
