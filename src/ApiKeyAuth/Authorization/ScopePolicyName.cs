namespace ApiKeyAuth.Authorization;

/// <summary>Provides methods that format and parse the names of policies that represent scope requirements.</summary>
internal static class ScopePolicyName
{
    private const string AllPrefix = "ApiKeyAuth.RequireScope:all ";
    private const string AnyPrefix = "ApiKeyAuth.RequireScope:any ";

    // A scope cannot contain a space (RFC 6749 §3.3), so the name can be parsed.
    public static string Format(IReadOnlyList<string> scopes, bool any) => (any ? AnyPrefix : AllPrefix) + string.Join(' ', scopes);

    public static ScopeRequirement? Parse(string name)
    {
        var any = name.StartsWith(AnyPrefix, StringComparison.Ordinal);
        return any || name.StartsWith(AllPrefix, StringComparison.Ordinal)
            ? new ScopeRequirement(name[AllPrefix.Length..].Split(' '), any)
            : null;
    }
}
