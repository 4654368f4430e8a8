using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Creates the metadata of protected resources, and names it in challenges.</summary>
internal sealed class ProtectedResourceMetadata(
    ProtectedResources resources,
    ScopeCatalog catalog,
    EndpointPolicyProvider policies,
    KeySchemeProvider keySchemes,
    IOptionsMonitor<ApiKeySchemeOptions> schemes)
{
    private const string Parameter = "resource_metadata=\"";

    /// <summary>Names the metadata in the challenge of a response, once it is complete.</summary>
    public void Attach(HttpContext context)
    {
        if (resources.Find(context.Request.Path) is { } resource)
        {
            AttachTo(context, resource);
        }
    }

    /// <summary>Creates the metadata of a resource.</summary>
    public async Task<ProtectedResourceDocument> CreateDocumentAsync(ProtectedResource resource, HttpRequest request)
    {
        string[] scopes = [.. resource.GetScopes(catalog)];
        return new()
        {
            Resource = resource.GetUrl(request),
            ResourceName = resource.Options.Name,
            ResourceDocumentation = resource.Options.DocumentationUrl,
            AuthorizationServers = resource.Options.AuthorizationServers is { Count: > 0 } servers ? [.. servers] : null,
            ScopesSupported = scopes.Length > 0 ? scopes : null,
            BearerMethodsSupported = await AcceptsBearerAsync() ? ["header"] : [],
        };
    }

    // A method of its own, because the closure would otherwise be created for every request.
    private void AttachTo(HttpContext context, ProtectedResource resource) =>
        context.Response.OnStarting(() => AddToChallengesAsync(context, resource));

    private async Task<bool> AcceptsBearerAsync() =>
        (await keySchemes.GetNamesAsync()).Any(name => schemes.Get(name).AuthorizationSchemes.Any(IsBearer));

    private async Task AddToChallengesAsync(HttpContext context, ProtectedResource resource)
    {
        var response = context.Response;
        if (response.StatusCode is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            || response.Headers.WWWAuthenticate is not { Count: > 0 } found
            || found.Any(challenge => challenge!.Contains(Parameter, StringComparison.Ordinal)))
        {
            // Another handler, such as that of the MCP SDK, has named its own metadata.
            return;
        }

        string[] challenges = [.. found.OfType<string>()];
        var parameters = $"{Parameter}{resource.GetMetadataUrl(context.Request)}\"";
        if (!Array.Exists(challenges, challenge => challenge.Contains("scope=\"", StringComparison.Ordinal))
            && string.Join(' ', await GetScopesAsync(context, resource)) is { Length: > 0 } scopes)
        {
            parameters += $", scope=\"{scopes}\"";
        }

        var hasBearer = Array.Exists(challenges, IsBearer);
        response.Headers.WWWAuthenticate = Array.ConvertAll(
            challenges, challenge => !hasBearer || IsBearer(challenge) ? Append(challenge, parameters) : challenge);
    }

    /// <summary>Gets the scopes that the endpoint requires, or those of the resource if it requires none by itself.</summary>
    private async Task<IReadOnlyList<string>> GetScopesAsync(HttpContext context, ProtectedResource resource)
    {
        var policy = context.GetEndpoint() is { } endpoint ? await policies.GetPolicyAsync(endpoint) : null;
        string[] required =
        [
            .. policy?.Requirements.OfType<ScopeRequirement>().SelectMany(requirement => requirement.Scopes).Distinct() ?? [],
        ];
        return required.Length > 0 ? required : [.. resource.GetScopes(catalog)];
    }

    private static string Append(string challenge, string parameters) =>
        challenge + (challenge.Contains('=', StringComparison.Ordinal) ? ", " : " ") + parameters;

    private static bool IsBearer(string challenge) =>
        challenge.Split(' ')[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase);
}
