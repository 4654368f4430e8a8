using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Creates the kinds of requests that are compared.</summary>
internal static class RequestVariants
{
    public const string Anonymous = "anonymous";
    public const string Floor = "the framework's floor: one static result";
    public const string Everything = "ApiKeyAuth, everything on";
    public const string Many = "ApiKeyAuth, 100,000 warm keys of 1,000,000";
    public const string Accepted = "accepted, with a body like an error's";
    public const string Rejected = "rejected: ";

    /// <summary>Creates the requests to the library with one key, and to the route without authentication.</summary>
    public static async Task<List<Variant>> OfOneKeyAsync(KeyApp app)
    {
        var key = app.Keys[0];
        return
        [
            new(Anonymous, await Apps.AnonymousAsync(), 200),
            new(Everything, app.Server, 200, "X-API-Key", key),
            new("ApiKeyAuth, the same, Bearer", app.Server, 200, "Authorization", "Bearer " + key),
            new(Accepted, app.Server, 200, "X-API-Key", key) { Path = KeyApp.WithBody },
            new(Rejected + "no key", app.Server, 401),
            new(Rejected + "malformed", app.Server, 401, "X-API-Key", "key_live_nothing"),
            new(Rejected + "wrong checksum", app.Server, 401, "X-API-Key", key[..^1] + (key[^1] == 'a' ? 'b' : 'a')),
            new(Rejected + "unknown, cached", app.Server, 401, "X-API-Key", new ApiKeyFormat().Generate("live")),
            new(Rejected + "over the limit", app.Server, 429, "X-API-Key", app.ExhaustedKey),
        ];
    }

    /// <summary>Creates the requests to other handlers.</summary>
    public static async Task<List<Variant>> OfOthersAsync(string key)
    {
        PlainTextHandler.Owners[key] = "owner";
        HandWrittenHandler.Owners[HandWrittenHandler.Hash(key)] = "owner";
        var (jwt, token) = await Apps.JwtAsync();
        return
        [
            new(Floor, await Apps.FloorAsync(), 200),
            new("plain-text keys in a dictionary", await Apps.PlainTextAsync(), 200, "X-API-Key", key),
            new("hand-written SHA-256", await Apps.HandWrittenAsync(), 200, "X-API-Key", key),
            new("hand-written SHA-256, one scope policy", await Apps.HandWrittenWithScopeAsync(), 200, "X-API-Key", key),
            new("hand-written SHA-256, the framework's sliding window", await Apps.HandWrittenWithLimitAsync(), 200, "X-API-Key", key),
            new("JwtBearer, HS256", jwt, 200, "Authorization", "Bearer " + token),
        ];
    }
}
