namespace ApiKeyAuth.Dashboard;

/// <summary>Checks the options of a dashboard.</summary>
internal static class DashboardOptionsRules
{
    private const int MaxPageSize = 100;

    public static void Check(ApiKeyDashboardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.CanManage, nameof(options.CanManage));
        ArgumentNullException.ThrowIfNull(options.CallerSelector, nameof(options.CallerSelector));
        ArgumentNullException.ThrowIfNull(options.TimeZone, nameof(options.TimeZone));
        ArgumentNullException.ThrowIfNull(options.TestRequestPath, nameof(options.TestRequestPath));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageSize, 1, nameof(options.PageSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PageSize, MaxPageSize, nameof(options.PageSize));
        CheckPath(options.ReturnPath, nameof(options.ReturnPath));
        CheckPath(options.LogoPath, nameof(options.LogoPath));
        CheckPath(options.StylesheetPath, nameof(options.StylesheetPath));
        CheckPath(options.TestRequestPath, nameof(options.TestRequestPath));
    }

    // The content security policy allows this site only, and //host and /\host are other sites.
    private static void CheckPath(string? path, string name)
    {
        if (path is not null && (path is not ['/', ..] || path is ['/', '/' or '\\', ..] || path.Any(char.IsControl)))
        {
            throw new ArgumentException($"{name} must be a path of this site that starts with one slash, such as /settings.", name);
        }
    }
}
