using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management;

/// <summary>The endpoints that make, change and end keys.</summary>
internal static class WriteEndpoints
{
    public static void Map(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapPost("", CreateAsync).Describe(name("CreateApiKey"), "Makes a key and gives its secret, this once.")
            .Takes<NewApiKeyDocument>().Produces<ApiKeyDocument>(StatusCodes.Status201Created).Refuses(400, 409);
        keys.MapPatch("/{id}", UpdateAsync).Describe(name("UpdateApiKey"), "Changes a key by a merge patch: what is absent stays, null clears.")
            .Takes<ApiKeyPatchDocument>("application/merge-patch+json").Produces<ApiKeyDocument>().Refuses(400, 404, 409, 412);
        keys.MapPost("/{id}/rotate", RotateAsync).Describe(name("RotateApiKey"), "Gives a key a new secret; the old one lives for the grace asked.")
            .Takes<ApiKeyRotationDocument>(isOptional: true).Produces<ApiKeyDocument>().Refuses(400, 404, 409, 412);
        keys.MapPost("/{id}/revoke", RevokeAsync).Describe(name("RevokeApiKey"), "Revokes a key for good, or with all that it created.")
            .Takes<ApiKeyRevocationDocument>(isOptional: true).Produces<ApiKeyDocument>().Refuses(400, 404, 409);
        keys.MapDelete("/{id}", DeleteAsync).Describe(name("DeleteApiKey"), "Deletes a key with its usage; its audit stays.")
            .Produces(StatusCodes.Status204NoContent).Refuses(404, 409, 412);
        AlertEndpoints.MapWrite(keys, name);
    }

    private static Task CreateAsync(HttpContext context, ApiKeyManager manager) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            // Whatever can fail on the way to the response comes first: a key whose secret reached nobody would stay valid.
            var collection = Reply.Collection(context.Request);
            var body = await RequestBody.ReadAsync(context.Request, KeyBodies.New);
            await Reply.IssuedAsync(
                context, body.Succeeded ? await manager.CreateAsync(caller, body.Value, context.RequestAborted) : body.Problem, collection);
        });

    private static Task UpdateAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(context.Request, KeyBodies.Patch);
            await Reply.ChangedAsync(context, body.Succeeded
                ? await manager.UpdateAsync(caller, id, body.Value, await IfMatch.ReadAsync(context, manager, caller, id), context.RequestAborted)
                : body.Problem);
        });

    private static Task RotateAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(context.Request, KeyBodies.Rotation, isOptional: true);
            await Reply.IssuedAsync(context, body.Succeeded
                ? await manager.RotateAsync(caller, id, body.Value, await IfMatch.ReadAsync(context, manager, caller, id), context.RequestAborted)
                : body.Problem);
        });

    private static Task RevokeAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(context.Request, KeyBodies.Revocation, isOptional: true);
            await Reply.RevokedAsync(
                context, body.Succeeded ? await manager.RevokeAsync(caller, id, body.Value, context.RequestAborted) : body.Problem);
        });

    private static Task DeleteAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointCaller.RunAsync(context, async caller =>
            await Reply.DeletedAsync(
                context, await manager.DeleteAsync(caller, id, await IfMatch.ReadAsync(context, manager, caller, id), context.RequestAborted)));
}
