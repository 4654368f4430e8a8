using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Http;

/// <summary>Tells caches that a response depends on what the caller sent, whatever the endpoint says of caching.</summary>
internal static class CachingHeaders
{
    private static NameUnion? _lastUnion;

    /// <summary>Adds names to those that the response varies on, except those that are among them.</summary>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="names">The names, separated by commas; the same string for every request of a scheme.</param>
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

    /// <summary>Gives the names of both lists; for the same two lists as last time, the same string.</summary>
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

    private static string[] SplitNames(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed record NameUnion(string Names, string Others, string Result);
}
