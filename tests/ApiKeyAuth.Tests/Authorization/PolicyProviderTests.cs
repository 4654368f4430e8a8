using ApiKeyAuth.Authorization;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>The provider of the host still provides its own policies, and policies are cached.</summary>
public sealed class PolicyProviderTests
{
    [Test]
    public async Task Provider_HostHasNone_AllowsCaching()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.AddApiKeyAuth();
        await using var app = builder.Build();
        Assert.That(app.Services.GetRequiredService<IAuthorizationPolicyProvider>().AllowsCachingPolicies);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Provider_HostHasItsOwn_IsStillUsed(bool beforeAddAuthorization)
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/own", () => "in").RequireAuthorization("Own:a");
                web.MapGet("/ours", () => "in").RequireScope("a");
            },
            services: services => _ = beforeAddAuthorization
                ? services.AddSingleton<IAuthorizationPolicyProvider, OwnProvider>()
                : services.AddAuthorization().AddSingleton<IAuthorizationPolicyProvider>(
                    provider => new OwnProvider(provider.GetRequiredService<IOptions<AuthorizationOptions>>())));
        Assert.That(app.Services.GetRequiredService<IAuthorizationPolicyProvider>().AllowsCachingPolicies, Is.False);
        await app.ExpectAsync("/own", "a", "b", "a");
        await app.ExpectAsync("/ours", "a", "b", "a");
    }

    [Test]
    public async Task Policy_SameRequirementTwice_IsTheSameInstance()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.AddApiKeyAuth();
        await using var app = builder.Build();
        var provider = app.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        var name = new RequireScopeAttribute("a", "b").Policy!;
        var policy = await provider.GetPolicyAsync(name);
        Assert.That(policy!.Requirements.OfType<ScopeRequirement>().Single().Scopes, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await provider.GetPolicyAsync(name), Is.SameAs(policy));
        var any = await provider.GetPolicyAsync(new RequireAnyScopeAttribute("a", "b").Policy!);
        Assert.That(any!.Requirements.OfType<ScopeRequirement>().Single().Any);
        Assert.That(await provider.GetPolicyAsync("another"), Is.Null);
    }

    [Test]
    public void Attribute_Policy_HasNoPublicSetter(
        [Values(typeof(RequireScopeAttribute), typeof(RequireAnyScopeAttribute))] Type type) =>
        // [RequireScope("a", Policy = "b")] would require only b. Without a setter it does not compile.
        Assert.That(
            type.GetProperties().Single(property => property.Name == "Policy" && property.DeclaringType == type).SetMethod?.IsPublic,
            Is.Not.True);

    [TestCase]
    [TestCase("a b")]
    [TestCase("")]
    [TestCase("a", "b:c:d")]
    public void Requirement_InvalidScopes_Throws(params string[] scopes)
    {
        Assert.That(() => new RequireScopeAttribute(scopes), Throws.ArgumentException);
        Assert.That(() => new RequireAnyScopeAttribute(scopes), Throws.ArgumentException);
        Assert.That(() => new ScopeRequirement(scopes), Throws.ArgumentException);
    }

    private sealed class OwnProvider(IOptions<AuthorizationOptions> options) : IAuthorizationPolicyProvider
    {
        private readonly DefaultAuthorizationPolicyProvider _default = new(options);

        public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Task.FromResult(
            policyName.StartsWith("Own:", StringComparison.Ordinal)
                ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireScope(policyName[4..]).Build()
                : null);

        public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => _default.GetDefaultPolicyAsync();

        public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => _default.GetFallbackPolicyAsync();
    }
}
