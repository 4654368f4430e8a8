using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Starts the apps that are compared. Each has one route, which returns 200 without a body.</summary>
internal static class Apps
{
    public static Task<MemoryServer> AnonymousAsync() => StartAsync(_ => { }, app => app.MapGet("/", Answer));

    public static Task<MemoryServer> FloorAsync() => FrameworkAsync<FloorHandler>(route => route.RequireAuthorization());

    public static Task<MemoryServer> PlainTextAsync() => FrameworkAsync<PlainTextHandler>(route => route.RequireAuthorization());

    public static Task<MemoryServer> HandWrittenAsync() => FrameworkAsync<HandWrittenHandler>(route => route.RequireAuthorization());

    public static Task<MemoryServer> HandWrittenWithScopeAsync() =>
        FrameworkAsync<HandWrittenHandler>(route => route.RequireAuthorization(policy => policy.RequireClaim("scope", "orders:read")));

    public static Task<MemoryServer> HandWrittenWithLimitAsync() => StartAsync(
        builder =>
        {
            builder.Services.AddAuthentication("Scheme").AddScheme<AuthenticationSchemeOptions, HandWrittenHandler>("Scheme", null);
            builder.Services.AddAuthorization();
            builder.Services.AddRateLimiter(options => options.AddPolicy("key", context => RateLimitPartition.GetSlidingWindowLimiter(
                context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = 1_000_000_000,
                    Window = TimeSpan.FromHours(1),
                    SegmentsPerWindow = 10,
                })));
        },
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseRateLimiter();
            app.MapGet("/", Answer).RequireAuthorization().RequireRateLimiting("key");
        });

    public static async Task<(MemoryServer Server, string Token)> JwtAsync()
    {
        var key = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
        var token = new JwtSecurityTokenHandler().CreateEncodedJwt(new SecurityTokenDescriptor
        {
            Subject = new ClaimsIdentity([new Claim("sub", "user"), new Claim("scope", "orders:read")]),
            Expires = TimeProvider.System.GetUtcNow().AddHours(1).UtcDateTime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
        var server = await StartAsync(
            builder =>
            {
                builder.Services.AddAuthentication("Bearer").AddJwtBearer(options => options.TokenValidationParameters = new()
                {
                    IssuerSigningKey = key,
                    ValidateIssuer = false,
                    ValidateAudience = false,
                });
                builder.Services.AddAuthorization();
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/", Answer).RequireAuthorization();
            });
        return (server, token);
    }

    public static async Task<MemoryServer> StartAsync(Action<WebApplicationBuilder> addServices, Action<WebApplication> map)
    {
        var server = new MemoryServer();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IServer>(server);
        addServices(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return server;
    }

    public static Task Answer(HttpContext context) => Task.CompletedTask;

    private static Task<MemoryServer> FrameworkAsync<THandler>(Action<IEndpointConventionBuilder> protect)
        where THandler : AuthenticationHandler<AuthenticationSchemeOptions> =>
        StartAsync(
            builder =>
            {
                builder.Services.AddAuthentication("Scheme").AddScheme<AuthenticationSchemeOptions, THandler>("Scheme", null);
                builder.Services.AddAuthorization();
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                protect(app.MapGet("/", Answer));
            });
}
