using System.Text.Json;

namespace AiGateway;

/// <summary>
/// Replaces the upstreams for which no key is configured with a model of the demo, which repeats the question and returns the
/// <c>Authorization</c> header that it received.
/// </summary>
internal static class DemoUpstream
{
    public static async Task<WebApplication> StartAsync(ConfigurationManager configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/chat/completions", AnswerAsync);
        app.MapPost("/v1/chat/completions", AnswerAsync);
        await app.StartAsync();

        var clusters = configuration.GetSection("ReverseProxy:Clusters").GetChildren();
        foreach (var cluster in clusters.Where(cluster => configuration[$"Upstreams:{cluster.Key}:ApiKey"] is null))
        {
            cluster["Destinations:upstream:Address"] = app.Urls.First();
            configuration[$"Upstreams:{cluster.Key}:ApiKey"] = $"{cluster.Key}-demo-key";
        }

        return app;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["X-Upstream-Authorization"] = context.Request.Headers.Authorization;
        var request = await context.Request.ReadFromJsonAsync<JsonElement>();
        var model = request.GetProperty("model").GetString();
        var question = request.GetProperty("messages").EnumerateArray().TakeLast(1).Select(message => message.GetProperty("content"));
        var text = $"You asked: {string.Join(' ', question)}";
        if (request.TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            await StreamAsync(context, model, text);
            return;
        }

        await context.Response.WriteAsJsonAsync(new
        {
            id = "chatcmpl-demo",
            @object = "chat.completion",
            created = Now(),
            model,
            choices = new[] { new { index = 0, message = new { role = "assistant", content = text }, finish_reason = "stop" } },
            usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
        });
    }

    /// <summary>Sends one word at a time, as server-sent events.</summary>
    private static async Task StreamAsync(HttpContext context, string? model, string text)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var word in text.Split(' '))
        {
            await SendAsync(context, Chunk(model, new { role = "assistant", content = word + " " }, null));
            await Task.Delay(20, context.RequestAborted);
        }

        await SendAsync(context, Chunk(model, new { }, "stop"));
        await SendAsync(context, "[DONE]");
    }

    private static string Chunk(string? model, object delta, string? finish) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-demo",
        @object = "chat.completion.chunk",
        created = Now(),
        model,
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
    });

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
