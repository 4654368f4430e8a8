using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests the conversions that make requests to the manager short to write.</summary>
public sealed class OptionalTests
{
    private static readonly DateTimeOffset Instant = new(2027, 12, 31, 10, 0, 0, 500, TimeSpan.FromHours(2));

    [Test]
    public void Conversion_FromAValue_SetsTheMember()
    {
        var patch = new ApiKeyPatch { Name = "n", Enabled = false, Scopes = new[] { "a" }, ExpiresAt = (ApiKeyExpiry?)null };
        Assert.That((patch.Name.IsSet, patch.Name.Value, patch.Enabled.IsSet, patch.Enabled.Value), Is.EqualTo((true, "n", true, false)));
        Assert.That(patch.Scopes.Value, Is.EqualTo(new[] { "a" }));
        Assert.That((patch.ExpiresAt.IsSet, patch.ExpiresAt.Value), Is.EqualTo((true, (ApiKeyExpiry?)null)));
        Assert.That((patch.RateLimits.IsSet, patch.Metadata.IsSet), Is.EqualTo((false, false)));
    }

    [Test]
    public void Create_OfAnInterface_SetsTheMember()
    {
        IReadOnlyList<string> scopes = ["a"];
        Assert.That(new ApiKeyPatch { Scopes = Optional.Create<IReadOnlyList<string>?>(scopes) }.Scopes.Value, Is.SameAs(scopes));
        Assert.That(Optional.Create<IReadOnlyList<string>?>(null).IsSet);
    }

    [Test]
    public void Conversion_FromAnInstant_IsAnExpiryInWholeSeconds()
    {
        ApiKeyExpiry expiry = Instant;
        Assert.That(expiry.ToString(), Is.EqualTo("2027-12-31T08:00:00Z"));
        Assert.That(new NewApiKey { Name = "n", ExpiresAt = Instant }.ExpiresAt, Is.EqualTo(expiry));
    }

    [TestCase(null, "caller")]
    [TestCase("caller", "caller")]
    [TestCase("other", null)]
    public async Task Create_TenantOfTheRequest_IsTheCallersOrRejected(string? tenant, string? created)
    {
        await using var app = await ManagedApp.StartAsync();
        await using var scope = app.App.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().CreateAsync(
            ApiKeyCaller.User("u", "caller", ScopeSet.Create(["*"])), new NewApiKey { Name = "n", TenantId = tenant });
        Assert.That(result.Value?.Key.TenantId, Is.EqualTo(created));
    }
}
