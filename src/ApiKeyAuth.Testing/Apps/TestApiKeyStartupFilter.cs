using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>Issues the key before the app listens, and adds it to requests before any middleware of the app.</summary>
internal sealed class TestApiKeyStartupFilter(
    TestApiKeyDescriptor testKey,
    TestApiKeyIssuer issuer,
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<ApiKeySchemeOptions> options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Startup is synchronous here.
        var scheme = GetSchemeAsync().GetAwaiter().GetResult();
        var reads = options.Get(scheme);
        var secret = issuer.Issue(testKey.Scopes, testKey.Configure, reads.Environments is [var first, ..] ? first : null);
        var (header, value) = reads.Headers is [var name, ..] ? (name, secret)
            : reads.AuthorizationSchemes is [var word, ..] ? (HeaderNames.Authorization, $"{word} {secret}")
            : throw new InvalidOperationException(
                $"The scheme {scheme} reads keys from no header; name a scheme that does in WithApiKey(…, scheme: …), "
                + "or send the secret that IssueApiKey() returns.");
        app.Use((context, nextMiddleware) =>
        {
            var headers = context.Request.Headers;
            if (!headers.ContainsKey(header) && !headers.ContainsKey(HeaderNames.Authorization))
            {
                headers[header] = value;
            }

            return nextMiddleware(context);
        });
        next(app);
    };

    private async Task<string> GetSchemeAsync()
    {
        string[] found = [.. (await schemes.GetAllSchemesAsync())
            .Where(scheme => scheme.HandlerType.Assembly == typeof(ApiKeySchemeOptions).Assembly)
            .Select(scheme => scheme.Name)];
        return testKey.Scheme is { } named && found.Contains(named) ? named
            : testKey.Scheme is null && found is [var only] ? only
            : throw new InvalidOperationException(
                $"WithApiKey() {(testKey.Scheme is { } unknown ? $"names the scheme {unknown}" : "names no scheme")}, "
                + $"but the key schemes of the app are {string.Join(", ", found)}. Name one of them: WithApiKey(…, scheme: …).");
    }
}
