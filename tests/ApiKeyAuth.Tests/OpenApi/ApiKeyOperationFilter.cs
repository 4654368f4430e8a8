using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ApiKeyAuth.Tests.OpenApi;

public sealed class ApiKeyOperationFilter(ApiKeyEndpointAccessProvider provider) : IOperationAsyncFilter
{
    public async Task ApplyAsync(OpenApiOperation operation, OperationFilterContext context, CancellationToken cancellationToken)
    {
        var metadata = new EndpointMetadataCollection(context.ApiDescription.ActionDescriptor.EndpointMetadata);
        var access = await provider.GetAccessAsync(new Endpoint(requestDelegate: null, metadata, displayName: null));
        var scopes = access?.ScopeRequirements.SelectMany(requirement => requirement.Scopes).Distinct().ToList() ?? [];
        operation.Security = access is not { ApiKeySchemes.Count: > 0 }
            ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("ApiKey", context.Document)] = scopes }];
        if (scopes.Count > 0)
        {
            operation.Description += $"\n\nScopes: {string.Join(", ", scopes)}.";
        }
    }
}
