using ApiKeyAuth.Management.Endpoints;

namespace Twig;

/// <summary>Maps the endpoints for data sources and for the organization's figures.</summary>
internal static class DataEndpoints
{
    public static void MapData(this IEndpointRouteBuilder api)
    {
        api.MapGet("/data", (HttpContext context, Workspace all) => new { data = all.Sources(context.Organization()) })
            .RequireScope("data:read");
        api.MapPost("/data", CreateAsync).RequireScope("data:write");
        api.MapGet("/analytics", (HttpContext context, Workspace all) => new
        {
            agents = all.Agents(context.Organization()).Count(),
            dataSources = all.Sources(context.Organization()).Count(),
            chats = all.Chats(context.Organization()),
        }).RequireScope("analytics:read");
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Workspace all)
    {
        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        if (!name.Succeeded)
        {
            return name.Error;
        }

        var source = new DataSource($"data-{Guid.NewGuid():N}", name.Value);
        return Results.Json(all.Add(context.Organization(), source), statusCode: StatusCodes.Status201Created);
    }
}
