using ApiKeyAuth.Http;
using Samples;

namespace Twyn;

/// <summary>Maps the endpoints for the simulations of the caller's tenant. Live keys get live data, and test keys get test data.</summary>
internal static class SimulationEndpoints
{
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
        api.MapPost("/simulations", Create);
    }

    private static IResult Get(HttpContext context, Simulations all, string id)
    {
        var key = context.GetApiKey();
        return all.Find(key?.Environment, id) is not { } found ? Problems.NotFound("Simulation not found")
            : found.TenantId != key?.TenantId ? OtherTenant
            : Results.Ok(found);
    }

    private static IResult Create(HttpContext context, Simulations all, NewSimulation body)
    {
        if (Problems.FindInvalid(("name", Problems.Required(body.Name))) is { } invalid)
        {
            return invalid;
        }

        var key = context.GetApiKey();
        var created = all.Add(key?.TenantId, key?.Environment, body.Name!);
        return Results.Created($"/v1/simulations/{created.Id}", created);
    }

    private sealed record NewSimulation(string? Name);
}
