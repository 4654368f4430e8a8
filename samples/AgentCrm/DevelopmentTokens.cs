using System.Security.Claims;
using System.Security.Cryptography;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentCrm;

/// <summary>Signs the demo users' tokens with a key made at start. A real app takes those of its identity provider, by the settings under <c>Authentication:Schemes:Bearer</c>.</summary>
internal sealed class DevelopmentTokens
{
    private const string Issuer = "agentcrm-development";
    private readonly SymmetricSecurityKey _key = new(RandomNumberGenerator.GetBytes(32));

    public void Accept(JwtBearerOptions jwt) => jwt.TokenValidationParameters = new TokenValidationParameters
    {
        ValidIssuer = Issuer,
        ValidAudience = Issuer,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKey = _key,
    };

    public string Issue(string user, params string[] permissions) => new JsonWebTokenHandler { TokenLifetimeInMinutes = 24 * 60 }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Issuer,
        Subject = new ClaimsIdentity(
        [
            new Claim("sub", user),
            new Claim(ApiKeyClaimTypes.TenantId, Crm.DemoCompany),
            .. permissions.Select(permission => new Claim(KeyEndpoints.Permissions, permission)),
        ]),
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
    });
}
