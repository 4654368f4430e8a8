using ApiKeyAuth.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides an extension method that describes API keys in OpenAPI documents.</summary>
public static class ApiKeyOpenApiOptionsExtensions
{
    /// <summary>
    /// Describes the key schemes, the required scopes and the error responses in the document. The app must also call
    /// <c>builder.Services.AddApiKeyAuth()</c>.
    /// </summary>
    /// <remarks>
    /// A document without an endpoint that accepts keys is not changed. The other schemes of an endpoint are only listed if the document
    /// describes them: add a transformer that does before this call.
    /// </remarks>
    /// <param name="options">The options of a document.</param>
    /// <returns>The options.</returns>
    public static OpenApiOptions AddApiKeyAuth(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddOperationTransformer(new ScopeTransformer()).AddDocumentTransformer(new SecurityTransformer());
    }
}
