using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Samples;

/// <summary>Issues tokens for the demo users, signed with a key that is created at startup.</summary>
/// <remarks>A real app accepts the tokens of its identity provider, with the settings in <c>Authentication:Schemes:Bearer</c>.</remarks>
internal sealed class DevelopmentTokens(string issuer)
{
    private readonly SymmetricSecurityKey _key = new(RandomNumberGenerator.GetBytes(32));

    public void Accept(JwtBearerOptions jwt) => jwt.TokenValidationParameters = new TokenValidationParameters
    {
        ValidIssuer = issuer,
        ValidAudience = issuer,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKey = _key,
    };

    public string Issue(params Claim[] claims)
    {
        var handler = new JsonWebTokenHandler { TokenLifetimeInMinutes = 24 * 60 };
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = issuer,
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }
}
