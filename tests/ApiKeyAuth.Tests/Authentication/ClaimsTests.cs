using System.Security.Claims;
using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class ClaimsTests
{
    private static readonly string[] Expected =
    [
        "api_key_environment=test", "api_key_id=key1", "api_key_kind=service", "api_key_name=Production", "owner_id=user-1",
        "scope=agents:*", "scope=read", "tenant_id=acme",
    ];

    [Test]
    public async Task Principal_FullKey_HoldsTheDocumentedClaims() =>
        Assert.That(await LookAsync(Full, context => Describe(context.User.Claims)), Is.EqualTo(string.Join('\n', Expected)));

    [Test]
    public async Task Principal_BareKey_HoldsNoEmptyClaims() =>
        Assert.That(
            await LookAsync(key => key with { Name = "", Environment = null }, context => Describe(context.User.Claims)),
            Is.EqualTo("api_key_id=key1"));

    [TestCase("personal", ClaimTypes.NameIdentifier)]
    [TestCase("service", "owner_id")]
    [TestCase("Personal", "owner_id")]
    [TestCase("organization", "owner_id")]
    [TestCase(null, "owner_id")]
    public void Claims_OwnerOfAKey_IsAUserOnlyIfTheKeyIsPersonal(string? kind, string type)
    {
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]) };
        var key = new ApiKey { Id = "key1", Kind = kind, OwnerId = "user-1", Secrets = [secret] };

        var claims = new ApiKeyIdentity(new VerifiedApiKey(key, secret, key.Scopes), "ApiKey", verifiedAt: 0).Claims;

        Assert.That(claims.Where(claim => claim.Value == "user-1").Select(claim => claim.Type), Is.EqualTo(new[] { type }));
    }

    [Test]
    public async Task Identity_NameAndType_AreTheKeysAndTheSchemes() =>
        Assert.That(
            await LookAsync(
                Full,
                context => $"{context.User.Identity!.Name} {context.User.Identity.AuthenticationType} {context.User.Identity.IsAuthenticated}"),
            Is.EqualTo("Production ApiKey True"));

    [Test]
    public async Task Claim_OfTheKey_NamesItsSubject() =>
        Assert.That(
            await LookAsync(Full, context => $"{ReferenceEquals(context.User.FindFirst("tenant_id")!.Subject, context.User.Identity)}"),
            Is.EqualTo("True"));

    [Test]
    public async Task Look_ByEveryMember_FindsTheClaims()
    {
        var found = await LookAsync(Full, context => string.Join(' ', new[]
        {
            context.User.HasClaim("scope", "read"),
            context.User.FindFirst("tenant_id") is { Value: "acme" },
            context.User.FindAll("scope").Count() == 2,
            context.User.FindFirstValue("owner_id") == "user-1",
            ((ClaimsIdentity)context.User.Identity!).FindFirst("api_key_kind") is not null,
            ((ClaimsIdentity)context.User.Identity).HasClaim(claim => claim.Type == "api_key_id"), !context.User.IsInRole("read"),
        }));
        Assert.That(found, Does.Not.Contain("False"));
    }

    [Test]
    public async Task Copies_OfEveryKind_HoldTheClaims()
    {
        // Each copy is the first to look at the identity, whose claims are made late.
        foreach (var copy in new Func<ClaimsPrincipal, IEnumerable<Claim>>[]
        {
            user => user.Clone().Claims,
            user => ((ClaimsIdentity)user.Identity!).Clone().Claims,
            user => new ClaimsIdentity(user.Identity).Claims,
            user => new ClaimsPrincipal(user).Claims,
            user => new ClaimsPrincipal(user.Identity!).Claims,
            user => Read(user).Claims,
            user => new TicketSerializer()
                .Deserialize(new TicketSerializer().Serialize(new AuthenticationTicket(user, "ApiKey")))!.Principal.Claims,
        })
        {
            Assert.That(await LookAsync(Full, context => Describe(copy(context.User))), Is.EqualTo(string.Join('\n', Expected)));
        }
    }

    [Test]
    public async Task Clone_Changed_LeavesTheOriginalAlone() =>
        Assert.That(
            await LookAsync(Full, context =>
            {
                var clone = ((ClaimsIdentity)context.User.Identity!).Clone();
                clone.AddClaim(new Claim("scope", "write"));
                clone.RemoveClaim(clone.FindFirst("tenant_id"));
                return Describe(context.User.Claims);
            }),
            Is.EqualTo(string.Join('\n', Expected)));

    [Test]
    public async Task GetApiKey_ByEndpoint_GivesTheRecord() =>
        Assert.That(
            await LookAsync(
                key => Full(key) with { Metadata = new Dictionary<string, string> { ["plan"] = "gold" } },
                context => context.GetApiKey()!.Metadata["plan"]),
            Is.EqualTo("gold"));

    [Test]
    public async Task Ticket_OfAKeyThatEnds_ExpiresWithIt()
    {
        var end = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        async Task<string> ReadExpirationAsync(HttpContext context) => $"{(await context.AuthenticateAsync()).Properties!.ExpiresUtc:u}";
        Assert.That(
            await LookAsync(key => key with { ExpiresAt = new ApiKeyExpiry(end) }, ReadExpirationAsync),
            Is.EqualTo("2026-02-01 00:00:00Z"));
        Assert.That(
            await LookAsync(key => key with { Secrets = [key.Secrets[0] with { ExpiresAt = end }] }, ReadExpirationAsync),
            Is.EqualTo("2026-02-01 00:00:00Z"));
        Assert.That(
            await LookAsync(
                key => key with { ExpiresAt = new ApiKeyExpiry(end.AddDays(1)), Secrets = [key.Secrets[0] with { ExpiresAt = end }] },
                ReadExpirationAsync),
            Is.EqualTo("2026-02-01 00:00:00Z"));
        Assert.That(await LookAsync(key => key, ReadExpirationAsync), Is.Empty);
    }

    [Test]
    public async Task Claims_ReadByTwoThreadsAtOnce_AreAlwaysWhole()
    {
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]) };
        var key = Full(new ApiKey { Id = "key1", Environment = "test", Secrets = [secret] });
        using var start = new Barrier(2);
        var principals = Enumerable.Range(0, 2000).Select(
            _ => new ClaimsPrincipal(new ApiKeyIdentity(new VerifiedApiKey(key, secret, key.Scopes), "ApiKey", verifiedAt: 0))).ToArray();

        // A thread that fails must not leave the other waiting.
        string[] Read() => Array.ConvertAll(principals, principal =>
        {
            start.SignalAndWait();
            try
            {
                return Describe(principal.Claims);
            }
            catch (Exception exception)
            {
                return exception.ToString();
            }
        });
        var read = await Task.WhenAll(
            Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        Assert.That(read.SelectMany(each => each).Distinct(), Is.EqualTo(new[] { string.Join('\n', Expected) }));
    }

    private static ApiKey Full(ApiKey key) => key with
    {
        Name = "Production",
        Kind = "service",
        TenantId = "acme",
        OwnerId = "user-1",
        Scopes = TestApp.Scopes("read", "agents:*"),
    };

    private static string Describe(IEnumerable<Claim> claims) =>
        string.Join('\n', claims.Select(claim => $"{claim.Type}={claim.Value}").Order(StringComparer.Ordinal));

    private static ClaimsPrincipal Read(ClaimsPrincipal user)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        user.WriteTo(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        return new ClaimsPrincipal(reader);
    }

    private static Task<string> LookAsync(Func<ApiKey, ApiKey> with, Func<HttpContext, string> look) =>
        LookAsync(with, context => Task.FromResult(look(context)));

    private static async Task<string> LookAsync(Func<ApiKey, ApiKey> with, Func<HttpContext, Task<string>> look)
    {
        await using var app = await TestApp.StartAsync(web => web.MapGet("/", look).RequireAuthorization());
        using var answer = await app.GetAsync("/", await app.IssueAsync(with));
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        return await answer.BodyAsync();
    }
}
