using System.Text.Json;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.OpenApi;

/// <summary>Generates the OpenAPI documents of small apps.</summary>
internal static class DocumentApp
{
    public static async Task<JsonElement> GenerateAsync(
        Action<WebApplication> endpoints,
        Action<ApiKeyAuthOptions>? options = null,
        Action<ApiKeyAuthBuilder>? keys = null,
        Action<OpenApiOptions>? document = null,
        Action<IServiceCollection>? services = null,
        string name = "v1")
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapOpenApi();
                endpoints(web);
            },
            options,
            keys,
            all =>
            {
                all.AddOpenApi(name, each => (document ?? (described => described.AddApiKeyAuth()))(each));
                services?.Invoke(all);
            });
        var response = await app.GetAsync($"/openapi/{name}.json");
        var body = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Gets a part of a document by the names of the members.</summary>
    public static JsonElement At(this JsonElement json, params string[] path) =>
        path.Aggregate(json, (part, name) => part.GetProperty(name));

    /// <summary>Gets a part of a document as compact JSON, with single quotes.</summary>
    public static string Text(this JsonElement json, params string[] path) =>
        JsonSerializer.Serialize(json.At(path), JsonSerializerOptions.Default)
            .Replace("\\u0060", "`", StringComparison.Ordinal)
            .Replace("\\u2026", "…", StringComparison.Ordinal)
            .Replace('"', '\'');

    /// <summary>Gets the names of the members of a part of a document.</summary>
    public static string[] Names(this JsonElement json, params string[] path) =>
        [.. json.At(path).EnumerateObject().Select(member => member.Name)];
}
