using ApiKeyAuth.Management.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Describes requests and responses of the endpoints for OpenAPI documents.</summary>
internal static class EndpointDescriptionExtensions
{
    private const string JsonType = "application/json";
    private const string ProblemJsonType = "application/problem+json";

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary);

    // The wildcard lets requests with any content type reach the endpoint, which rejects a wrong one like other errors of the body.
    public static RouteHandlerBuilder AcceptsBody<T>(
        this RouteHandlerBuilder endpoint, string contentType = JsonType, bool isOptional = false)
        where T : notnull =>
        endpoint.Accepts<T>(isOptional, contentType, "*/*");

    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Append(StatusCodes.Status503ServiceUnavailable))
        {
            endpoint.Produces<ApiKeyProblemDocument>(status, ProblemJsonType);
        }

        return endpoint;
    }

    /// <summary>Describes the errors of an endpoint that writes: the store may reject what a request asks for.</summary>
    public static RouteHandlerBuilder ProducesWriteErrors(this RouteHandlerBuilder endpoint, params int[] statuses) =>
        endpoint.ProducesErrors([.. statuses, StatusCodes.Status500InternalServerError]);
}
