using Samples;

namespace Twyn;

/// <summary>Maps the endpoints for the scenarios of the caller's tenant.</summary>
internal static class ScenarioEndpoints
{
    public static void MapScenarios(this IEndpointRouteBuilder api)
    {
        api.MapGet("/scenarios", (HttpContext context, Scenarios all) =>
            all.Of(context.GetApiKey()?.TenantId, context.GetApiKey()?.Environment));
        api.MapGet("/scenarios/{id}", Get);
        api.MapPost("/scenarios", Create);
    }

    /// <summary>Gets a scenario. One of another tenant reads like one that never existed.</summary>
    private static IResult Get(HttpContext context, Scenarios all, string id)
    {
        var key = context.GetApiKey();
        return all.Of(key?.TenantId, key?.Environment).FirstOrDefault(scenario => scenario.Id == id) is { } found
            ? Results.Ok(found)
            : Problems.NotFound("Scenario not found");
    }

    private static IResult Create(HttpContext context, Scenarios all, Simulations simulations, NewScenario body)
    {
        var key = context.GetApiKey();
        var simulation = body.SimulationId is { } id && simulations.Find(key?.Environment, id) is { } found
            && found.TenantId == key?.TenantId ? found : null;
        if (Problems.FindInvalid(
            ("name", Problems.Required(body.Name)),
            ("simulation_id", simulation is null ? "must be the ID of a simulation of your tenant" : null)) is { } invalid)
        {
            return invalid;
        }

        var created = all.Add(simulation!, body.Name!);
        return Results.Created($"/v1/scenarios/{created.Id}", created);
    }

    private sealed record NewScenario(string? Name, string? SimulationId);
}
