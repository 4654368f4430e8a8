using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
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
        services.AddRateLimiter(limiter => limiter.AddPolicy(SignInEndpoints.Path, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress, _ => new() { PermitLimit = 30, Window = TimeSpan.FromMinutes(1) })));
        services.AddDbContext<OAuthContext>(options => options.UseSqlite(database).UseOpenIddict());
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<OAuthContext>())
            .AddServer(server => Configure(server, configuration, environment))
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseAspNetCore();
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
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.ResponseTypes.Code,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        client.Permissions.UnionWith(Scopes.Select(scope => Permissions.Prefixes.Scope + scope));
        return client;
    }

    /// <summary>Creates the database if it does not exist. A real app uses migrations.</summary>
    public static async Task CreateOAuthDatabaseAsync(this IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OAuthContext>().Database.EnsureCreatedAsync();
    }

    private static void Configure(OpenIddictServerBuilder server, ConfigurationManager configuration, IWebHostEnvironment environment)
    {
        server.SetAuthorizationEndpointUris(OAuthEndpoints.Authorize).SetTokenEndpointUris(OAuthEndpoints.Token);
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
        server.RegisterScopes(Scopes);
        var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough();
        if (environment.IsDevelopment())
        {
            // The keys are created at startup, so tokens are valid until the process ends.
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            host.DisableTransportSecurityRequirement();
        }
        else if (configuration["OAuth:Certificate"] is { Length: > 0 } path)
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, configuration["OAuth:CertificatePassword"]);
            server.AddEncryptionCertificate(certificate).AddSigningCertificate(certificate);
        }
    }
}
