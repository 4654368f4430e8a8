using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Errors;

/// <summary>Tells caches that an answer depends on what the caller sent, whatever the endpoint says of caching.</summary>
internal static class CachingHeaders
{
    /// <summary>Adds a header's name to those that the answer varies on, where it is not among them.</summary>
    public static void AddVary(HttpResponse response, StringValues names)
    {
        foreach (var name in names)
        {
            var vary = response.Headers.Vary;
            if (vary.Count == 0)
            {
                response.Headers.Vary = name;
            }
            else if (!vary.SelectMany(line => line!.Split(',', StringSplitOptions.TrimEntries)).Any(told => told is "*" || told.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                response.Headers.Append(HeaderNames.Vary, name);
            }
        }
    }
}
