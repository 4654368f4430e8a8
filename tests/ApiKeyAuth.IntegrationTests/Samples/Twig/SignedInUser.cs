using System.Net;
using System.Text.RegularExpressions;
using Duende.IdentityModel.OidcClient;
using Duende.IdentityModel.OidcClient.Browser;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>
/// Represents a user with a browser: it submits the sign-in and consent pages and returns the redirect address.
/// </summary>
internal sealed partial class SignedInUser(string password, string decision = "allow") : IBrowser, IDisposable
{
    private readonly HttpClient _client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() });

    /// <summary>Gets the pages that were shown.</summary>
    public List<string> Pages { get; } = [];

    /// <summary>Signs the demo's user in by an OAuth client library.</summary>
    public static async Task<LoginResult> LoginAsync(string scope, string? decision = null, string? redirectUri = null)
    {
        using var user = new SignedInUser(TwigSample.Running.Export("TWIG_PASSWORD"), decision ?? "allow");
        return await Client(user, scope, redirectUri).LoginAsync(new LoginRequest());
    }

    /// <summary>The client library, as an app of users sets it up.</summary>
    public static OidcClient Client(IBrowser browser, string scope, string? redirectUri = null, RunningSample? sample = null) =>
        new(new OidcClientOptions
        {
            Authority = (sample ?? TwigSample.Running).Address,
            ClientId = TwigSample.Running.Export("TWIG_CLIENT_ID"),
            RedirectUri = redirectUri ?? TwigSample.Running.Export("TWIG_REDIRECT_URI"),
            Scope = scope,
            Browser = browser,
            LoadProfile = false,
            DisablePushedAuthorization = true,
        });

    public async Task<BrowserResult> InvokeAsync(BrowserOptions options, CancellationToken cancellationToken = default)
    {
        var response = await _client.GetAsync(options.StartUrl, cancellationToken);
        while (true)
        {
            if (response.Headers.Location is { } location)
            {
                var target = new Uri(response.RequestMessage!.RequestUri!, location);
                if (target.AbsoluteUri.StartsWith(options.EndUrl, StringComparison.Ordinal))
                {
                    return new BrowserResult { ResultType = BrowserResultType.Success, Response = target.AbsoluteUri };
                }

                response = await _client.GetAsync(target, cancellationToken);
                continue;
            }

            var page = await response.Content.ReadAsStringAsync(cancellationToken);
            Pages.Add(page);
            if (!response.IsSuccessStatusCode)
            {
                return new BrowserResult { ResultType = BrowserResultType.HttpError, Error = $"{(int)response.StatusCode} {page}" };
            }

            response = await SubmitAsync(response.RequestMessage!.RequestUri!, page, cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private Task<HttpResponseMessage> SubmitAsync(Uri address, string page, CancellationToken cancellationToken)
    {
        var fields = Hidden().Matches(page)
            .Select(field => KeyValuePair.Create(
                WebUtility.HtmlDecode(field.Groups[1].Value), WebUtility.HtmlDecode(field.Groups[2].Value)))
            .ToList();
        if (page.Contains("name=\"password\"", StringComparison.Ordinal))
        {
            fields.Add(new("email", TwigSample.Running.Export("TWIG_USER")));
            fields.Add(new("password", password));
        }
        else
        {
            fields.Add(new("decision", decision));
        }

        return _client.PostAsync(
            new Uri(address, Action().Match(page).Groups[1].Value), new FormUrlEncodedContent(fields), cancellationToken);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\">")]
    private static partial Regex Action();
}
