using System.Text.Json;
using ApiKeyAuth.Http;
using Samples;

namespace AiGateway;

/// <summary>Represents the models of the upstreams, of which the path and the body of a request must name the same one.</summary>
internal sealed class Models(IConfiguration configuration)
{
    public const string Path = "/models";

    private readonly (string Upstream, string Name)[] _models =
    [
        .. from upstream in configuration.GetSection("Models").GetChildren()
           from model in upstream.GetChildren()
           select (upstream.Key, model.Value!),
    ];

    /// <summary>Lists the models, as the API of OpenAI does.</summary>
    public static IResult List(Models models) => Results.Ok(new
    {
        @object = "list",
        data = models._models.Select(model => new { id = model.Name, @object = "model", owned_by = model.Upstream }),
    });

    /// <summary>Checks the model of a request before it is forwarded.</summary>
    public static async Task CheckAsync(HttpContext context, Func<Task> next)
    {
        var models = context.RequestServices.GetRequiredService<Models>();
        if (await models.FindProblemAsync(context) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        await next();
    }

    private async Task<ApiKeyError?> FindProblemAsync(HttpContext context)
    {
        var upstream = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        if (context.GetRouteValue("model") is not string model || !_models.Contains((upstream, model)))
        {
            return Problems.NotFound("Model not found");
        }

        context.Request.EnableBuffering();
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body, new() { AllowDuplicateProperties = false }, context.RequestAborted);
            context.Request.Body.Position = 0;
            return body.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("model", out var named) && named.ValueKind == JsonValueKind.String && named.ValueEquals(model)
                    ? null
                    : Problems.FindInvalid(("model", "must be the model of the path"));
        }
        catch (JsonException)
        {
            return Problems.FindInvalid(("body", "must be JSON that names each member once"));
        }
    }
}
