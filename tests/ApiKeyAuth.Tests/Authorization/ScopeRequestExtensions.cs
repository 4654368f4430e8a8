using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Provides extension methods that call endpoints with and without keys.</summary>
internal static class ScopeRequestExtensions
{
    /// <summary>Calls an endpoint with a new key that has the scopes, or without a key if they are null.</summary>
    public static async Task<(int Status, string? Challenge)> CallAsync(this TestApp app, string path, string? scopes)
    {
        var key = scopes is null ? null : await app.KeyAsync(scopes);
        using var response = await app.GetAsync(path, key);
        return ((int)response.StatusCode, response.Headers.WwwAuthenticate.ToString() is { Length: > 0 } challenge ? challenge : null);
    }

    public static Task<string> KeyAsync(this TestApp app, string scopes) =>
        app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) });

    /// <summary>Asserts that one key is accepted, that another is rejected with the missing scopes, and that a key is required.</summary>
    public static async Task ExpectAsync(this TestApp app, string path, string accepted, string rejected, string missing, bool found = true)
    {
        Assert.That((await app.CallAsync(path, accepted)).Status, Is.EqualTo(found ? 200 : 404), $"{path} with {accepted}");
        Assert.That(
            await app.CallAsync(path, rejected),
            Is.EqualTo((403, (string?)$"Bearer error=\"insufficient_scope\", scope=\"{missing}\"")),
            $"{path} with {rejected}");
        Assert.That(await app.CallAsync(path, null), Is.EqualTo((401, (string?)"Bearer")), path);
    }
}
