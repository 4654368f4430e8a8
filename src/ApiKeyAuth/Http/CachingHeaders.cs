using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Http;

/// <summary>Provides methods that add names to the <c>Vary</c> header.</summary>
internal static class CachingHeaders
{
    private static NameUnion? _lastUnion;

    /// <summary>Adds the names that <c>Vary</c> does not contain yet.</summary>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="names">The names, separated by commas. It is the same instance for every request of a scheme.</param>
    public static void AddVary(IHeaderDictionary headers, string names)
    {
        var vary = headers.Vary;
        if (vary.Count == 0)
        {
            headers.Vary = names;
        }
        else if (!(vary.Count == 1 && ReferenceEquals(vary[0], names)) && GetMissingNames(vary, names) is { Length: > 0 } missing)
        {
            headers.Vary = StringValues.Concat(vary, missing);
        }
    }

    /// <summary>Returns the names of both lists. The same two lists as last time return the same instance.</summary>
    public static string UnionNames(string names, string others)
    {
        if (_lastUnion is { } last && ReferenceEquals(last.Names, names) && ReferenceEquals(last.Others, others))
        {
            return last.Result;
        }

        var result = GetMissingNames(names, others) is { Length: > 0 } missing ? $"{names}, {missing}" : names;
        _lastUnion = new NameUnion(names, others, result);
        return result;
    }

    private static string GetMissingNames(StringValues vary, string names)
    {
        var known = vary.SelectMany(line => SplitNames(line!)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return known.Contains("*") ? "" : string.Join(", ", SplitNames(names).Where(name => !known.Contains(name)));
    }

    private static string[] SplitNames(string names) =>
        names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed record NameUnion(string Names, string Others, string Result);
}
