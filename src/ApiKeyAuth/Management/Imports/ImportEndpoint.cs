using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Maps the endpoint that imports keys. It imports all keys of a request, or none if one is faulty.</summary>
internal static class ImportEndpoint
{
    private const int MaxKeys = 1_000;
    private const int MaxBytes = 1 << 20;

    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapPost("/import", ImportAsync)
            .Describe(name("ImportApiKeys"), "Imports keys by the hashes of their secrets: all, or none if one is faulty.")
            .AcceptsBody<ApiKeyImportDocument>().Produces<ApiKeyImportResultDocument>().ProducesWriteErrors(400, 409);

    private static Task ImportAsync(HttpContext context, KeyPageImporter importer) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(
                context.Request, ImportJsonContext.Default.ApiKeyImportDocument, maxBytes: MaxBytes);
            var imported = !body.Succeeded ? body.Error
                : body.Value.Keys is not { Count: > 0 and <= MaxKeys } list
                    ? Problems.Invalid("keys", $"must be a list of 1 to {MaxKeys} keys")
                : await importer.ImportAsync(
                    caller, [.. list.Select(ImportMapper.Map)], body.Value.DryRun == true, context.RequestAborted);
            await (imported.Succeeded
                ? ManagementResponseWriter.WriteJsonAsync(
                    context, imported.Value, ImportJsonContext.Default.ApiKeyImportResultDocument)
                : ManagementResponseWriter.RejectAsync(context, imported.Error));
        });
}
