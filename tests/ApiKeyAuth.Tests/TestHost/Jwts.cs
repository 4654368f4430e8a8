using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiKeyAuth.Tests.TestHost;

/// <summary>Creates access tokens that are signed with a symmetric key, for apps that accept them in addition to API keys.</summary>
internal static class Jwts
{
    private static readonly SymmetricSecurityKey Key = new(new byte[32]);

    public static AuthenticationBuilder AddTestJwt(this AuthenticationBuilder builder) => builder.AddJwtBearer(Accept);

    /// <summary>Adds a scheme that reads its token from a custom header.</summary>
    public static AuthenticationBuilder AddTestJwt(this AuthenticationBuilder builder, string scheme, string header) =>
        builder.AddJwtBearer(scheme, options =>
        {
            Accept(options);
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    context.Token = context.Request.Headers[header];
                    return Task.CompletedTask;
                },
            };
        });

    private static void Accept(JwtBearerOptions options) => options.TokenValidationParameters = new TokenValidationParameters
    {
        IssuerSigningKey = Key,
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
    };

    public static void AddJwt(this IServiceCollection services) => services.AddAuthentication().AddTestJwt();

    public static string Create(params (string Type, string Value)[] claims) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256),
            Subject = new ClaimsIdentity([new Claim("sub", "someone"), .. claims.Select(claim => new Claim(claim.Type, claim.Value))]),
        });
}
