using System.Text.Json.Nodes;
using ApiKeyAuth.Http;
using ApiKeyAuth.RateLimiting;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>Adds the error responses to a document, each once, and refers to them in operations.</summary>
internal sealed class ErrorResponses
{
    private const string ProblemJson = "application/problem+json";
    private const string SchemaId = "ApiKeyProblem";

    private static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["401"] = "ApiKeyUnauthorized",
        ["403"] = "ApiKeyForbidden",
        ["429"] = "ApiKeyTooManyRequests",
        ["503"] = "ApiKeyServiceUnavailable",
    };

    private readonly OpenApiDocument _document;
    private readonly ResponseHeaders _headers;
    private readonly bool _hasProblemBody;

    public ErrorResponses(OpenApiDocument document, ApiKeyErrorOptions errors, RateLimitHeaderStyle style, bool hasOtherSchemes)
    {
        _document = document;
        _headers = new ResponseHeaders(document, style);
        _hasProblemBody = errors.WriteBody is null;
        if (_hasProblemBody)
        {
            _document.AddComponent<IOpenApiSchema>(SchemaId, CreateSchema());
        }

        foreach (var (status, id) in Ids)
        {
            var examples = ErrorExamples.Get(status, errors, hasOtherSchemes);
            _document.AddComponent<IOpenApiResponse>(id, Create(status, examples));
        }
    }

    /// <summary>Adds the responses to an operation, except for those that the app describes in another format.</summary>
    public void AddTo(OpenApiOperation operation, bool isRateLimited)
    {
        operation.Responses ??= [];
        _headers.AddToOwn(operation.Responses, isRateLimited);
        foreach (var (status, id) in Ids)
        {
            if (!operation.Responses.TryGetValue(status, out var existing) || existing.Content?.Keys is null or { Count: 0 }
                || existing.Content.Keys.All(type => type == ProblemJson))
            {
                operation.Responses[status] = new OpenApiResponseReference(id, _document);
            }
        }
    }

    private OpenApiResponse Create(string status, IReadOnlyDictionary<string, JsonObject> examples)
    {
        var response = new OpenApiResponse
        {
            Description = ErrorExamples.GetDescription(status),
            Headers = _headers.GetForError(status),
        };
        if (_hasProblemBody)
        {
            response.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemJson] = new()
                {
                    Schema = new OpenApiSchemaReference(SchemaId, _document),
                    Examples = examples.ToDictionary(
                        example => example.Key,
                        IOpenApiExample (example) => new OpenApiExample { Value = example.Value },
                        StringComparer.Ordinal),
                },
            };
        }

        return response;
    }

    private static OpenApiSchema CreateSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Problem details (RFC 9457) with an error code.",
        Required = new HashSet<string>(["type", "title", "status", "detail", "code", "traceId"], StringComparer.Ordinal),
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = CreateText("The type of the problem."),
            ["title"] = CreateText("The reason phrase of the status."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status code." },
            ["detail"] = CreateText("A sentence about this error."),
            ["code"] = CreateText("The error code."),
            ["traceId"] = CreateText("The ID by which the logs of the app refer to the request."),
        },
    };

    private static OpenApiSchema CreateText(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
