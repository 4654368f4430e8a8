using System.Security.Claims;
using System.Security.Cryptography;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentCrm;

/// <summary>Issues tokens for the demo users, signed with a key that is created at startup.</summary>
/// <remarks>A real app accepts the tokens of its identity provider, with the settings in <c>Authentication:Schemes:Bearer</c>.</remarks>
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

    public string Issue(string user, params string[] permissions)
    {
        var handler = new JsonWebTokenHandler { TokenLifetimeInMinutes = 24 * 60 };
        return handler.CreateToken(new SecurityTokenDescriptor
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
}
