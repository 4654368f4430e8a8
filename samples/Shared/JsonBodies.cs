using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;

namespace Samples;

/// <summary>Configures how the endpoints of a sample bind JSON bodies.</summary>
internal static class JsonBodies
{
    /// <summary>Rejects unknown and repeated members, strings for numbers, and null for members that cannot be null.</summary>
    public static void AddStrictJsonBodies(this IServiceCollection services, JsonNamingPolicy names)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            var options = json.SerializerOptions;
            options.PropertyNamingPolicy = names;
            options.PropertyNameCaseInsensitive = false;
            options.AllowDuplicateProperties = false;
            options.NumberHandling = JsonNumberHandling.Strict;
            options.RespectNullableAnnotations = true;
            options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });

        // In Development, the default is an exception. The status code pages of the sample write the error instead.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = false);
        services.Configure<ProblemDetailsOptions>(problems => problems.CustomizeProblemDetails = Complete);
    }

    /// <summary>Gives the problems of the framework the members that those of API keys have: a detail, a code and the trace ID.</summary>
    private static void Complete(ProblemDetailsContext context)
    {
        var (problem, members) = (context.ProblemDetails, context.ProblemDetails.Extensions);
        problem.Detail ??= GetError(context.HttpContext);
        members.TryAdd("code", IsMalformed(context.HttpContext)
            ? ApiKeyErrorCodes.InvalidRequest
            : ReasonPhrases.GetReasonPhrase(context.HttpContext.Response.StatusCode).ToLowerInvariant().Replace(' ', '_'));

        // The framework changes this name by the naming policy of the bodies.
        if (members.Remove("trace_id", out var traceId))
        {
            members.TryAdd("traceId", traceId);
        }
    }

    /// <summary>Determines whether the error of a response is that the body could not be bound.</summary>
    public static bool IsMalformed(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status400BadRequest
        && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null;

    /// <summary>Gets the error of a response without a body, such as for an unknown path.</summary>
    public static string GetError(HttpContext context) => IsMalformed(context)
        ? "The body must be a JSON object of known members with values of the right types, each of them once"
        : ReasonPhrases.GetReasonPhrase(context.Response.StatusCode);
}
