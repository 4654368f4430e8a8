using ApiKeyAuth.Management.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Says for documents what the endpoints take and answer.</summary>
internal static class EndpointDescriptionExtensions
{
    private const string JsonType = "application/json";
    private const string ProblemJsonType = "application/problem+json";

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary);

    // With a wildcard at the end routing lets every content type through, so that a wrong one is refused like all that is wrong with a body.
    public static RouteHandlerBuilder AcceptsBody<T>(this RouteHandlerBuilder endpoint, string contentType = JsonType, bool isOptional = false)
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
}
