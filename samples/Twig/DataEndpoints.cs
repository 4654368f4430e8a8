using Samples;

namespace Twig;

/// <summary>Maps the endpoints for data sources and for the organization's figures.</summary>
internal static class DataEndpoints
{
    public static void MapData(this IEndpointRouteBuilder api)
    {
        api.MapGet("/data", (HttpContext context, Workspace all) => new { data = all.Sources(context.Organization()) })
            .RequireScope("data:read");
        api.MapPost("/data", Create).RequireScope("data:write");
        api.MapPut("/data/{id}", Update).RequireScope("data:write");
        api.MapGet("/analytics", (HttpContext context, Workspace all) => new
        {
            agents = all.Agents(context.Organization()).Count(),
            dataSources = all.Sources(context.Organization()).Count(),
            chats = all.Chats(context.Organization()),
        }).RequireScope("analytics:read");
    }

    private static IResult Create(HttpContext context, Workspace all, DataSourceBody body) =>
        Problems.FindInvalid(("name", Problems.Required(body.Name))) is { } invalid ? invalid
        : Results.Json(
            all.Add(context.Organization(), new DataSource($"data-{Guid.NewGuid():N}", body.Name!)),
            statusCode: StatusCodes.Status201Created);

    private static IResult Update(HttpContext context, Workspace all, string id, DataSourceBody body) =>
        all.FindSource(context.Organization(), id) is not { } source ? Problems.NotFound("Data source not found")
        : Problems.FindInvalid(("name", Problems.Required(body.Name))) is { } invalid ? invalid
        : Results.Ok(all.Add(context.Organization(), source with { Name = body.Name! }));

    private sealed record DataSourceBody(string? Name);
}
