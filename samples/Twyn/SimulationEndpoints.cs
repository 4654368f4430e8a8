using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;

namespace Twyn;

/// <summary>Maps the endpoints for the simulations of the caller's tenant. Live keys get live data, and test keys get test data.</summary>
internal static class SimulationEndpoints
{
    private static readonly ApiKeyError NotFound =
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = "Simulation not found" };

    private static readonly ApiKeyError OtherTenant = new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.Forbidden,
        Message = "Access denied: simulation belongs to different tenant",
    };

    public static void MapSimulations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/simulations", (HttpContext context, Simulations all) =>
            all.Of(context.GetApiKey()?.TenantId, context.GetApiKey()?.Environment));
        api.MapGet("/simulations/{id}", Get);
        api.MapPost("/simulations", CreateAsync);
    }

    private static IResult Get(HttpContext context, Simulations all, string id)
    {
        var key = context.GetApiKey();
        return all.Find(key?.Environment, id) is not { } found ? NotFound
            : found.TenantId != key?.TenantId ? OtherTenant
            : Results.Ok(found);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Simulations all)
    {
        var key = context.GetApiKey();
        var body = await BodyReader.ReadAsync(context.Request, static body => body.GetRequiredString("name"));
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var created = all.Add(key?.TenantId, key?.Environment, body.Value);
        return Results.Created($"/v1/simulations/{created.Id}", created);
    }
}
