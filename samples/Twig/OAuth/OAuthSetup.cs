using System.Security.Cryptography.X509Certificates;
using ApiKeyAuth.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Twig.OAuth;

/// <summary>Configures OAuth 2.0: OpenIddict with the authorization-code flow and PKCE, and a cookie for the sign-in page.</summary>
internal static class OAuthSetup
{
    /// <summary>The scopes that a client can request: all scopes of keys except <c>admin</c>.</summary>
    public static readonly string[] Scopes =
        ["chat", "agents:read", "agents:write", "agents:delete", "data:read", "data:write", "analytics:read"];

    private const string Certificate = "OAuth:Certificate";

    public static void AddOAuth(
        this IServiceCollection services, string database, ConfigurationManager configuration, IWebHostEnvironment environment)
    {
        services.AddSingleton<Accounts>();
        services.AddSingleton<IApiKeyOwnerPermissions>(provider => provider.GetRequiredService<Accounts>());
        services.AddAntiforgery();
        services.AddAuthentication().AddCookie(cookie =>
        {
            cookie.Cookie.Name = "twig_session";
            cookie.LoginPath = SignInEndpoints.Path;
            cookie.ReturnUrlParameter = SignInEndpoints.ReturnUrl;
        });
        services.AddRateLimiter(limiter => UserLimits.Configure(limiter, configuration.GetValue("OAuth:RequestsPerMinute", 600)));
        services.AddDbContext<OAuthContext>(options => options.UseSqlite(database).UseOpenIddict());
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<OAuthContext>())
            .AddServer(server => Configure(server, configuration, environment))
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseAspNetCore();

                // Revoked tokens are rejected at once.
                validation.EnableTokenEntryValidation();
            });
    }

    /// <summary>Creates a client without a secret, which uses PKCE.</summary>
    public static OpenIddictApplicationDescriptor PublicClient(string id, string name, string redirectUri)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            DisplayName = name,
            ClientType = ClientTypes.Public,
            ConsentType = ConsentTypes.Explicit,
            RedirectUris = { new Uri(redirectUri) },
            Permissions =
            {
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.Token,
                Permissions.Endpoints.Revocation,
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        client.Permissions.UnionWith(Scopes.Select(scope => Permissions.Prefixes.Scope + scope));
        return client;
    }

    /// <summary>Checks the certificate, and creates the database if it does not exist. A real app uses migrations.</summary>
    public static async Task PrepareOAuthAsync(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment() && string.IsNullOrEmpty(app.Configuration[Certificate]))
        {
            throw new InvalidOperationException(
                $"Outside of Development, set {Certificate} to the path of a PKCS #12 file, whose key encrypts and signs access tokens.");
        }

        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OAuthContext>().Database.EnsureCreatedAsync();
    }

    private static void Configure(OpenIddictServerBuilder server, ConfigurationManager configuration, IWebHostEnvironment environment)
    {
        server.SetAuthorizationEndpointUris(OAuthEndpoints.Authorize).SetTokenEndpointUris(OAuthEndpoints.Token)
            .SetRevocationEndpointUris(OAuthEndpoints.Revoke);
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().AllowRefreshTokenFlow();
        server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
        server.RegisterScopes(Scopes);
        server.AddEventHandler(ErrorRedirects.Descriptor);
        var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough();
        if (environment.IsDevelopment())
        {
            // The keys are created at startup, so tokens are valid until the process ends.
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            host.DisableTransportSecurityRequirement();
        }
        else if (configuration[Certificate] is { Length: > 0 } path)
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, configuration["OAuth:CertificatePassword"]);
            server.AddEncryptionCertificate(certificate).AddSigningCertificate(certificate);
        }
    }
}
