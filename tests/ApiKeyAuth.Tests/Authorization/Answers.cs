using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Calls an endpoint with and without keys.</summary>
internal static class Answers
{
    /// <summary>Calls with a new key of some scopes; null for no key at all.</summary>
    public static async Task<(int Status, string? Challenge)> CallAsync(this TestApp app, string path, string? scopes)
    {
        var key = scopes is null ? null : await app.KeyAsync(scopes);
        using var answer = await app.GetAsync(path, key);
        return ((int)answer.StatusCode, answer.Headers.WwwAuthenticate.ToString() is { Length: > 0 } challenge ? challenge : null);
    }

    public static Task<string> KeyAsync(this TestApp app, string scopes) =>
        app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) });

    /// <summary>Expects that one key is let in, another is refused for the scopes it lacks, and nobody is without one.</summary>
    public static async Task ExpectAsync(this TestApp app, string path, string accepted, string refused, string missing, bool found = true)
    {
        Assert.That((await app.CallAsync(path, accepted)).Status, Is.EqualTo(found ? 200 : 404), $"{path} with {accepted}");
        Assert.That(await app.CallAsync(path, refused), Is.EqualTo((403, (string?)$"Bearer error=\"insufficient_scope\", scope=\"{missing}\"")), $"{path} with {refused}");
        Assert.That(await app.CallAsync(path, null), Is.EqualTo((401, (string?)"Bearer")), path);
    }
}
