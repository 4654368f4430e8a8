namespace ApiKeyAuth.Authorization;

/// <summary>The policy names that stand for scope requirements, under a prefix that is this library's own.</summary>
internal static class ScopePolicyName
{
    private const string All = "ApiKeyAuth.RequireScope:all ";
    private const string Any = "ApiKeyAuth.RequireScope:any ";

    // A scope holds no space (RFC 6749 §3.3), so the name can be read back.
    public static string Format(IReadOnlyList<string> scopes, bool any) => (any ? Any : All) + string.Join(' ', scopes);

    public static ScopeRequirement? Parse(string name)
    {
        var any = name.StartsWith(Any, StringComparison.Ordinal);
        return any || name.StartsWith(All, StringComparison.Ordinal)
            ? new ScopeRequirement(name[All.Length..].Split(' '), any)
            : null;
    }
}
