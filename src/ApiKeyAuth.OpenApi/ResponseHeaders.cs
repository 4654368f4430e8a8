using ApiKeyAuth.RateLimiting;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>Adds the response headers of keys and rate limits to a document, each once, and refers to them in responses.</summary>
internal sealed class ResponseHeaders
{
    private static readonly (string Name, string Description)[] Challenge =
        [("WWW-Authenticate", "The schemes that the endpoint accepts (RFC 9110 §11.6.1).")];

    private static readonly (string Name, string Description)[] Wait =
        [("Retry-After", "The number of seconds after which the request can be repeated (RFC 9110 §10.2.3).")];

    private static readonly (string Name, string Description)[] Retirement =
    [
        ("Deprecation", "When the secret in use began to retire, if it is retiring (RFC 9745)."),
        ("Sunset", "When the secret in use ends, if it is retiring (RFC 8594)."),
    ];

    private static readonly (string Name, string Description)[] XRateLimit =
    [
        ("X-RateLimit-Limit", "The number of requests that the limit admits."),
        ("X-RateLimit-Remaining", "The number of requests that remain."),
        ("X-RateLimit-Reset", "The Unix time in seconds at which the whole limit is available again."),
    ];

    private static readonly (string Name, string Description)[] Ietf =
    [
        ("RateLimit-Policy", "The limits as a structured field (draft-ietf-httpapi-ratelimit-headers)."),
        ("RateLimit", "What remains of the limits as a structured field (draft-ietf-httpapi-ratelimit-headers)."),
    ];

    private readonly OpenApiDocument _document;
    private readonly (string Name, string Description)[] _limits;

    public ResponseHeaders(OpenApiDocument document, RateLimitHeaderStyle style)
    {
        _document = document;
        _limits =
        [
            .. style.HasFlag(RateLimitHeaderStyle.XRateLimit) ? XRateLimit : [],
            .. style.HasFlag(RateLimitHeaderStyle.Ietf) ? Ietf : [],
        ];
        foreach (var (name, description) in (IEnumerable<(string, string)>)[.. Challenge, .. Wait, .. _limits, .. Retirement])
        {
            var isNumber = name == "Retry-After" || name.StartsWith("X-", StringComparison.Ordinal);
            var type = isNumber ? JsonSchemaType.Integer : JsonSchemaType.String;
            var header = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } };
            document.AddComponent<IOpenApiHeader>(name, header);
        }
    }

    /// <summary>Gets the headers of an error response.</summary>
    public Dictionary<string, IOpenApiHeader> GetForError(string status) => CreateReferences(status switch
    {
        "401" => Challenge,
        "403" => [.. Challenge, .. Retirement],
        "429" => [.. Wait, .. _limits, .. Retirement],
        _ => Wait,
    });

    /// <summary>Adds the headers to the responses of the operation itself, also to its errors, which follow the rate limiter.</summary>
    public void AddToOwn(OpenApiResponses responses, bool isRateLimited)
    {
        (string Name, string Description)[] headers = isRateLimited ? [.. _limits, .. Retirement] : Retirement;
        foreach (var response in responses.Where(each => each.Key is not ("401" or "403" or "503")).Select(each => each.Value)
            .OfType<OpenApiResponse>())
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            foreach (var (name, reference) in CreateReferences(headers))
            {
                response.Headers.TryAdd(name, reference);
            }
        }
    }

    private Dictionary<string, IOpenApiHeader> CreateReferences(IEnumerable<(string Name, string Description)> headers) =>
        headers.ToDictionary(
            header => header.Name, IOpenApiHeader (header) => new OpenApiHeaderReference(header.Name, _document), StringComparer.Ordinal);
}
