using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>The kinds of requests that are compared.</summary>
internal static class RequestVariants
{
    public const string Anonymous = "anonymous";
    public const string Floor = "the framework's floor: one static success";
    public const string Everything = "ApiKeyAuth, everything on";
    public const string Many = "ApiKeyAuth, 100,000 warm keys of 1,000,000";
    public const string Accepted = "accepted, with the body of a refusal";

    /// <summary>Those of the library with one key, and the route without authentication.</summary>
    public static async Task<List<Variant>> OfOneKeyAsync(KeyApp app)
    {
        var key = app.Keys[0];
        return
        [
            new(Anonymous, await Apps.AnonymousAsync(), 200),
            new(Everything, app.Server, 200, "X-API-Key", key),
            new("ApiKeyAuth, the same, Bearer", app.Server, 200, "Authorization", "Bearer " + key),
            new(Accepted, app.Server, 200, "X-API-Key", key) { Path = KeyApp.WithBody },
            new("refused: no key", app.Server, 401),
            new("refused: malformed", app.Server, 401, "X-API-Key", "key_live_nothing"),
            new("refused: wrong checksum", app.Server, 401, "X-API-Key", key[..^1] + (key[^1] == 'a' ? 'b' : 'a')),
            new("refused: unknown, seen before", app.Server, 401, "X-API-Key", new ApiKeyFormat().Generate("live")),
            new("refused: over the limit", app.Server, 429, "X-API-Key", app.Spent),
        ];
    }

    /// <summary>Those of others.</summary>
    public static async Task<List<Variant>> OfOthersAsync(string key)
    {
        PlainTextHandler.Owners[key] = "owner";
        HandWrittenHandler.Owners[HandWrittenHandler.Hash(key)] = "owner";
        var (jwt, token) = await Apps.JwtAsync();
        return
        [
            new(Floor, await Apps.FloorAsync(), 200),
            new("keys in plain text in a dictionary, nothing else", await Apps.PlainTextAsync(), 200, "X-API-Key", key),
            new("SHA-256 by hand", await Apps.HandWrittenAsync(), 200, "X-API-Key", key),
            new("SHA-256 by hand, one scope policy", await Apps.HandWrittenWithScopeAsync(), 200, "X-API-Key", key),
            new("SHA-256 by hand, the framework's sliding window", await Apps.HandWrittenWithLimitAsync(), 200, "X-API-Key", key),
            new("JwtBearer, HS256", jwt, 200, "Authorization", "Bearer " + token),
        ];
    }
}
