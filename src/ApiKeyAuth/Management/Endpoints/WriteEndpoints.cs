using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Maps the endpoints that create, change, revoke and delete keys.</summary>
internal static class WriteEndpoints
{
    public static void Map(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapPost("", CreateAsync).Describe(name("CreateApiKey"), "Creates a key. Its secret is returned once.")
            .AcceptsBody<NewApiKeyDocument>().Produces<ApiKeyDocument>(StatusCodes.Status201Created).ProducesWriteErrors(400, 409);
        keys.MapPatch("/{id}", UpdateAsync)
            .Describe(name("UpdateApiKey"), "Changes a key by a merge patch: absent members do not change, null clears.")
            .AcceptsBody<ApiKeyPatchDocument>("application/merge-patch+json").Produces<ApiKeyDocument>()
            .ProducesWriteErrors(400, 404, 409, 412);
        keys.MapPost("/{id}/rotate", RotateAsync)
            .Describe(name("RotateApiKey"), "Issues a new secret for a key. The old one stays valid for the requested grace period.")
            .AcceptsBody<ApiKeyRotationDocument>(isOptional: true).Produces<ApiKeyDocument>().ProducesWriteErrors(400, 404, 409, 412);
        keys.MapPost("/{id}/rotate/complete", CompleteRotationAsync)
            .Describe(name("CompleteApiKeyRotation"), "Ends the retiring secret of a key now.")
            .AcceptsBody<ApiKeyRotationDocument.EndDocument>(isOptional: true).Produces<ApiKeyDocument>()
            .ProducesWriteErrors(400, 404, 409, 412);
        keys.MapPost("/{id}/rotate/cancel", CancelRotationAsync)
            .Describe(name("CancelApiKeyRotation"), "Discards the new secret of a key and keeps the retiring one, unless that leaked.")
            .AcceptsBody<ApiKeyRotationDocument.EndDocument>(isOptional: true).Produces<ApiKeyDocument>()
            .ProducesWriteErrors(400, 404, 409, 412);
        keys.MapPost("/{id}/revoke", RevokeAsync)
            .Describe(name("RevokeApiKey"), "Revokes a key permanently, optionally with all keys that it created.")
            .AcceptsBody<ApiKeyRevocationDocument>(isOptional: true).Produces<ApiKeyDocument>().ProducesWriteErrors(400, 404, 409);
        keys.MapDelete("/{id}", DeleteAsync)
            .Describe(name("DeleteApiKey"), "Deletes a key and its usage. Its audit entries remain.")
            .Produces(StatusCodes.Status204NoContent).ProducesWriteErrors(404, 409, 412);
    }

    private static Task CreateAsync(HttpContext context, ApiKeyManager manager) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            // Everything that can fail runs before the key is created: a key whose secret was not delivered would stay valid.
            var collection = ManagementResponseWriter.GetCollectionPath(context.Request);
            var body = await RequestBody.ReadAsync(context.Request, ManagementJsonContext.Default.NewApiKeyDocument);
            await ManagementResponseWriter.WriteIssuedAsync(
                context,
                body.Succeeded
                    ? await manager.CreateAsync(caller, KeyRequestMapper.Map(body.Value), context.RequestAborted)
                    : body.Error,
                collection);
        });

    private static Task UpdateAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(context.Request, ManagementJsonContext.Default.ApiKeyPatchDocument);
            await ManagementResponseWriter.WriteChangedAsync(context, body.Succeeded
                ? await manager.UpdateAsync(
                    caller,
                    id,
                    KeyRequestMapper.Map(body.Value),
                    await IfMatchHeader.ReadAsync(context, manager, caller, id),
                    context.RequestAborted)
                : body.Error);
        });

    private static Task RotateAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(
                context.Request, ManagementJsonContext.Default.ApiKeyRotationDocument, isOptional: true);
            await ManagementResponseWriter.WriteIssuedAsync(context, body.Succeeded
                ? await manager.RotateAsync(
                    caller,
                    id,
                    KeyRequestMapper.Map(body.Value),
                    await IfMatchHeader.ReadAsync(context, manager, caller, id),
                    context.RequestAborted)
                : body.Error);
        });

    private static Task CompleteRotationAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndRotationAsync(context, manager, id, manager.CompleteRotationAsync);

    private static Task CancelRotationAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndRotationAsync(context, manager, id, manager.CancelRotationAsync);

    private static Task EndRotationAsync(
        HttpContext context,
        ApiKeyManager manager,
        string id,
        Func<ApiKeyCaller, string, long?, CancellationToken, Task<ApiKeyResult<ApiKey>>> end) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(
                context.Request, ManagementJsonContext.Default.EndDocument, isOptional: true);
            await ManagementResponseWriter.WriteChangedAsync(context, body.Succeeded
                ? await end(caller, id, await IfMatchHeader.ReadAsync(context, manager, caller, id), context.RequestAborted)
                : body.Error);
        });

    private static Task RevokeAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(
                context.Request, ManagementJsonContext.Default.ApiKeyRevocationDocument, isOptional: true);
            await ManagementResponseWriter.WriteRevokedAsync(context, body.Succeeded
                ? await manager.RevokeAsync(caller, id, KeyRequestMapper.Map(body.Value), context.RequestAborted)
                : body.Error);
        });

    private static Task DeleteAsync(HttpContext context, ApiKeyManager manager, string id) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var version = await IfMatchHeader.ReadAsync(context, manager, caller, id);
            await ManagementResponseWriter.WriteDeletedAsync(
                context, await manager.DeleteAsync(caller, id, version, context.RequestAborted));
        });
}
