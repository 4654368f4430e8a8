using System.Text.Json.Nodes;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>
/// Adds the required scopes to an operation, as an extension for programs and as a sentence for people. Pages such as Swagger UI and Scalar
/// show the scopes of OAuth only.
/// </summary>
internal sealed class ScopeTransformer : IOpenApiOperationTransformer
{
    private const string Extension = "x-required-scopes";

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (OperationAccess.Find(operation) is not null)
        {
            return;
        }

        var provider = context.ApplicationServices.GetService<ApiKeyEndpointAccessProvider>()
            ?? throw new InvalidOperationException("AddApiKeyAuth() on a document requires builder.Services.AddApiKeyAuth().");
        var metadata = new EndpointMetadataCollection(context.Description.ActionDescriptor.EndpointMetadata);
        var access = await provider.GetAccessAsync(new Endpoint(requestDelegate: null, metadata, displayName: null));
        var operationAccess = new OperationAccess(access, metadata.GetMetadata<WithoutRateLimitAttribute>() is null);
        operationAccess.AddTo(operation);
        if (operationAccess.AcceptsKeys && access!.ScopeRequirements is { Count: > 0 } requirements)
        {
            AddScopes(operation, requirements);
        }
    }

    private static void AddScopes(OpenApiOperation operation, IReadOnlyList<ScopeRequirement> requirements)
    {
        var (all, alternatives) = Split(requirements);
        var scopes = new JsonArray([.. all.Select(scope => (JsonNode)scope), .. alternatives.Select(CreateArray)]);
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions[Extension] = new JsonNodeExtension(scopes);
        string[] sentences =
        [
            .. all.Length == 0 ? Array.Empty<string>() : [$"Requires the scope{(all.Length == 1 ? "" : "s")} {Format(all)}."],
            .. alternatives.Select(any => $"Requires one of the scopes {Format(any)}."),
        ];
        var text = string.Join(' ', sentences);
        operation.Description = string.IsNullOrEmpty(operation.Description) ? text : $"{operation.Description}\n\n{text}";
    }

    private static (string[] All, string[][] Alternatives) Split(IReadOnlyList<ScopeRequirement> requirements) =>
    (
        [.. requirements.Where(IsAll).SelectMany(requirement => requirement.Scopes).Distinct(StringComparer.Ordinal)],
        [.. requirements.Where(requirement => !IsAll(requirement)).Select(requirement => requirement.Scopes.ToArray())]
    );

    private static JsonNode CreateArray(IEnumerable<string> scopes) => new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]);

    private static bool IsAll(ScopeRequirement requirement) => !requirement.Any || requirement.Scopes.Count == 1;

    private static string Format(IEnumerable<string> scopes) => string.Join(", ", scopes.Select(scope => $"`{scope}`"));
}
