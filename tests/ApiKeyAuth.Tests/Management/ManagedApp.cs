using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Represents an app with management endpoints, an endpoint for the scope <c>a:read</c> and one for any key.</summary>
internal sealed class ManagedApp(TestApp app, SwitchedStore store) : IAsyncDisposable
{
    public TestApp App { get; } = app;

    public SwitchedStore Store { get; } = store;

    public static async Task<ManagedApp> StartAsync(
        Action<ApiKeyAuthOptions>? options = null, Action<IServiceCollection>? services = null, Action<ApiKeyEndpoints>? policies = null,
        Action<ApiKeyAuthBuilder>? keys = null,
        Action<WebApplication>? endpoints = null,
        Action<WebApplication>? before = null,
        Action<ApiKeyAlertOptions>? alerts = null)
    {
        var store = new SwitchedStore();
        var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/a", () => "in").RequireAuthorization(new RequireScopeAttribute("a:read") { AuthenticationSchemes = "ApiKey" });
                web.MapGet("/any", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" });
                (policies ?? (mapped => mapped.RequireKeyScopes()))(web.MapApiKeys().MapAlerts());
                endpoints?.Invoke(web);
            },
            options,
            auth =>
            {
                auth.Services.AddSingleton<IWritableApiKeyStore>(store);
                auth.AddAlerts(alerts);
                keys?.Invoke(auth);
            },
            all =>
            {
                all.AddSingleton(store.Inner);
                services?.Invoke(all);
            },
            before,
            store);
        return new ManagedApp(app, store);
    }

    /// <summary>Issues a key that manages keys and may have further scopes.</summary>
    public Task<string> AdminAsync(Func<ApiKey, ApiKey>? with = null, params string[] scopes) =>
        App.IssueAsync(
            key => (with ?? (same => same))(key with { Scopes = TestApp.Scopes(["keys:read", "keys:write", "keys:verify", .. scopes]) }));

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        string? key,
        string? body = null,
        string? bearer = null,
        string? ifMatch = null,
        string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await App.Client.SendAsync(request);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
    }

    public Task<Answer> GetAsync(string path, string? key) => SendAsync(HttpMethod.Get, path, key);

    public Task<Answer> PostAsync(string path, string? key, string? body = null, string? ifMatch = null) =>
        SendAsync(HttpMethod.Post, path, key, body, ifMatch: ifMatch);

    public Task<Answer> PatchAsync(string path, string? key, string body, string? ifMatch = null) =>
        SendAsync(HttpMethod.Patch, path, key, body, ifMatch: ifMatch, type: "application/merge-patch+json");

    /// <summary>Creates a key over HTTP and returns its ID and secret.</summary>
    public async Task<(string Id, string Secret)> CreateAsync(string admin, string body = """{"name":"n","scopes":["a:read"]}""")
    {
        var created = await PostAsync("/api-keys", admin, body);
        Assert.That(created.Status, Is.EqualTo(201), created.Body);
        return (created["id"]!, created["key"]!);
    }

    /// <summary>Returns the status of a request with a key.</summary>
    public async Task<int> UseAsync(string secret, string path = "/a") => (await GetAsync(path, secret)).Status;

    /// <summary>Runs the manager in its own scope.</summary>
    public async Task<T> ManageAsync<T>(Func<ApiKeyManager, Task<T>> act)
    {
        await using var scope = App.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<ApiKeyManager>());
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    internal sealed record Answer(int Status, string Body, Dictionary<string, string> Headers)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public string? Code => this["code"];

        /// <summary>Gets the names of the invalid fields.</summary>
        public string[] Fields =>
            Json.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];

        /// <summary>Gets a member as text: the value of a string, and the JSON of anything else.</summary>
        public string? this[string member] =>
            Body.StartsWith('{') && Json.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null
                ? value.ToString()
                : null;

        public string? Header(string name) => Headers.GetValueOrDefault(name);

        /// <summary>Gets the body without the trace ID, which differs in each response.</summary>
        public string Untraced => System.Text.RegularExpressions.Regex.Replace(Body, "\"traceId\":\"[^\"]+\"", "-");
    }
}
