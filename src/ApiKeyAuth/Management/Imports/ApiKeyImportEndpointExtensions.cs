using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Imports;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that imports keys.</summary>
public static class ApiKeyImportEndpointExtensions
{
    /// <summary>
    /// Maps <c>POST /import</c> below the prefix of <c>MapApiKeys()</c>, with the policies of <see cref="ApiKeyEndpoints.Write"/>.
    /// </summary>
    /// <remarks>
    /// A caller chooses the secrets of the keys that it imports, and learns whether a secret is one of the app. The rules of creation
    /// apply, and a caller that is limited to its own keys is rejected. Map the endpoint for as long as keys are imported.
    /// </remarks>
    /// <param name="endpoints">The management endpoints.</param>
    /// <returns>The endpoints.</returns>
    public static ApiKeyEndpoints MapImport(this ApiKeyEndpoints endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ImportEndpoint.Map(endpoints.WriteGroup, endpoints.GetOperationName);
        return endpoints;
    }
}
