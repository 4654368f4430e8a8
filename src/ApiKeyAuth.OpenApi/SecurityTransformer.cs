using ApiKeyAuth.Authentication;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>Adds the security schemes and the error responses to a document, each once, and refers to them in its operations.</summary>
internal sealed class SecurityTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        (OpenApiOperation Operation, OperationAccess Access)[] operations =
        [
            .. from path in document.Paths.Values
               from operation in (IEnumerable<OpenApiOperation>?)path.Operations?.Values ?? []
               let access = OperationAccess.Take(operation)
               where access is not null
               select (operation, access),
        ];
        if (Array.Exists(operations, each => each.Access.AcceptsKeys))
        {
            Transform(document, context, operations);
        }

        return Task.CompletedTask;
    }

    private static void Transform(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        (OpenApiOperation Operation, OperationAccess Access)[] operations)
    {
        RemoveSlashes(document);
        var services = context.ApplicationServices;
        var schemes = new SecuritySchemes(
            document,
            services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>(),
            services.GetRequiredService<ApiKeyFormats>().Issuing);
        var responses = new ErrorResponses(
            document,
            services.GetRequiredService<ApiKeyErrorOptions>(),
            services.GetRequiredService<ApiKeyRateLimitOptions>().Headers,
            hasOtherSchemes: Array.Exists(operations, each => each.Access is { AcceptsKeys: true, Access.OtherSchemes.Count: > 0 }));
        var version = services.GetRequiredService<IOptionsMonitor<OpenApiOptions>>().Get(context.DocumentName).OpenApiVersion;
        foreach (var (operation, access) in operations)
        {
            if (access.Access is null)
            {
                operation.Security ??= [];
            }
            else if (access.AcceptsKeys)
            {
                operation.Security =
                [
                    .. operation.Security ?? [],
                    .. SecurityAlternatives.Create(access.Access, schemes, version >= OpenApiSpecVersion.OpenApi3_1),
                ];
                responses.AddTo(operation, access.IsRateLimited);
            }
        }
    }

    /// <summary>Removes the slash at the end of the servers' addresses, because every path starts with one.</summary>
    private static void RemoveSlashes(OpenApiDocument document)
    {
        foreach (var server in document.Servers ?? [])
        {
            server.Url = server.Url?.TrimEnd('/') is { Length: > 0 } url ? url : server.Url;
        }
    }
}
