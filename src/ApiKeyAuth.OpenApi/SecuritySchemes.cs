using System.Text.RegularExpressions;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>Adds the security schemes of key schemes to a document, one for each place that a key can be sent in.</summary>
internal sealed partial class SecuritySchemes(OpenApiDocument document, IOptionsMonitor<ApiKeySchemeOptions> options, ApiKeyFormat format)
{
    private const string Bearer = "bearer";
    private readonly Dictionary<string, OpenApiSecuritySchemeReference[]> _references = new(StringComparer.Ordinal);

    /// <summary>Gets the security schemes of a key scheme.</summary>
    public IReadOnlyList<OpenApiSecuritySchemeReference> GetOrAdd(string name)
    {
        if (!_references.TryGetValue(name, out var references))
        {
            _references[name] = references = [.. Add(name, options.Get(name))];
        }

        return references;
    }

    /// <summary>Finds a security scheme that the app added to the document, or returns null.</summary>
    public OpenApiSecuritySchemeReference? Find(string name) =>
        document.Components?.SecuritySchemes?.ContainsKey(name) == true ? new OpenApiSecuritySchemeReference(name, document) : null;

    private List<OpenApiSecuritySchemeReference> Add(string name, ApiKeySchemeOptions scheme)
    {
        var description = $"An API key, such as {GetExample(scheme)}.";
        (string Source, OpenApiSecurityScheme Scheme)[] places =
        [
            .. scheme.AuthorizationSchemes.Select(word => (word, CreateHttp(word, description))),
            .. scheme.Headers.Select(header => (header, CreateApiKey(header, ParameterLocation.Header, description))),
            .. scheme.UnsafeQueryParameter is { } parameter
                ? new[] { (parameter, CreateApiKey(parameter, ParameterLocation.Query, description)) }
                : [],
        ];
        var references = new List<OpenApiSecuritySchemeReference>();
        foreach (var (source, place) in places)
        {
            var id = InvalidCharacterRegex().Replace(places.Length == 1 ? name : $"{name}.{source}", "_");
            document.AddComponent<IOpenApiSecurityScheme>(id, place);
            references.Add(new OpenApiSecuritySchemeReference(id, document));
        }

        return references;
    }

    private OpenApiSecurityScheme CreateHttp(string word, string description) =>
        word.Equals(Bearer, StringComparison.OrdinalIgnoreCase)
            ? new()
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                BearerFormat = format.Prefix.Length == 0 ? null : format.Prefix,
                Description = description,
            }
            : new() { Type = SecuritySchemeType.Http, Scheme = word, Description = description };

    private static OpenApiSecurityScheme CreateApiKey(string name, ParameterLocation location, string description) =>
        new() { Type = SecuritySchemeType.ApiKey, Name = name, In = location, Description = description };

    /// <summary>Gets the start of a key that the scheme accepts.</summary>
    private string GetExample(ApiKeySchemeOptions scheme)
    {
        var environment = scheme.Environments.Concat(format.Environments).FirstOrDefault();
        var parts = new[] { format.Prefix, environment, "…" }.Where(part => !string.IsNullOrEmpty(part));
        return string.Join('_', parts);
    }

    // The names of components may contain these characters only.
    [GeneratedRegex("[^A-Za-z0-9._-]", RegexOptions.CultureInvariant)]
    private static partial Regex InvalidCharacterRegex();
}
