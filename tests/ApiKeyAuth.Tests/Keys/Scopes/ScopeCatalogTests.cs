using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys.Scopes;

public sealed class ScopeCatalogTests
{
    private static readonly ScopeCatalog Catalog = new(
        new ScopeDefinition { Name = "read_only", GrantedByDefault = true, RateLimits = RateLimit.ParseList("100/hour") },
        new ScopeDefinition
        {
            Name = "full_access",
            Implies = ["read_only", "orders:write"],
            RateLimits = RateLimit.ParseList("1000/hour"),
        },
        new ScopeDefinition { Name = "orders:read" },
        new ScopeDefinition { Name = "orders:write", Implies = ["orders:read"], RateLimits = RateLimit.ParseList("10/second;500/hour") },
        new ScopeDefinition { Name = "admin", Implies = ["*"] },
        new ScopeDefinition { Name = "buyer", Implies = ["orders:*", "ring_a"] },
        new ScopeDefinition { Name = "ring_a", Implies = ["ring_b"] },
        new ScopeDefinition { Name = "ring_b", Implies = ["ring_a"] });

    [TestCase("full_access", "full_access read_only orders:write orders:read")]
    [TestCase("orders:*", "orders:*")]
    [TestCase("admin", "admin *")]
    [TestCase("buyer", "buyer orders:* ring_a ring_b")]
    [TestCase("ring_b", "ring_b ring_a")]
    [TestCase("read_only unknown", "read_only unknown")]
    public void Expand_Grants_AddsImpliedScopesTransitively(string grants, string expected) =>
        Assert.That(Catalog.Expand(Set(grants)), Is.EqualTo(Set(expected)).Using<ScopeSet>((x, y) => x.Equals(y)));

    [Test]
    public void Expand_WildcardGrant_AddsWhatItsScopesImply()
    {
        var catalog = new ScopeCatalog(
            new ScopeDefinition { Name = "orders:write", Implies = ["users:read"] }, new ScopeDefinition { Name = "users:read" });
        Assert.That(catalog.Expand(Set("orders:*")).Contains("users:read"));
    }

    [Test]
    public void Expand_NothingAdded_ReturnsTheSameInstance()
    {
        foreach (var grants in new[] { ScopeSet.Empty, Set("*"), Set("read_only"), Set("ring_a ring_b") })
        {
            Assert.That(Catalog.Expand(grants), Is.SameAs(grants));
            Assert.That(ScopeCatalog.Empty.Expand(grants), Is.SameAs(grants));
        }
    }

    [TestCase("read_only", "100/hour")]
    [TestCase("read_only full_access", "1000/hour")]
    [TestCase("orders:write read_only", "10/second,500/hour")]
    [TestCase("full_access orders:write", "1000/hour")]
    [TestCase("orders:read", "")]
    [TestCase("orders:*", "")]
    [TestCase("*", "")]
    [TestCase("admin", "")]
    public void DefaultRateLimits_Grants_UsesScopesGrantedByName(string grants, string expected) =>
        Assert.That(string.Join(',', Catalog.DefaultRateLimits(Set(grants))), Is.EqualTo(expected));

    [TestCase("60/hour", "2/minute", "2/minute")]
    [TestCase("60/hour", "1/minute", "60/hour")]
    [TestCase("1/minute", "60/hour", "60/hour")]
    [TestCase("100/second;10/day", "1/hour", "1/hour")]
    [TestCase("100/second;24/day", "1/hour", "100/second,24/day")]
    [TestCase("4000000000/second", "3999999999/second", "4000000000/second")]
    [TestCase("4000000000/366 days", "4000000000/365 days", "4000000000/365 days")]
    public void DefaultRateLimits_TwoLists_ReturnsTheOneThatAdmitsMore(string first, string second, string expected)
    {
        var catalog = new ScopeCatalog(
            new ScopeDefinition { Name = "a", RateLimits = RateLimit.ParseList(first) },
            new ScopeDefinition { Name = "b", RateLimits = RateLimit.ParseList(second) });
        Assert.That(string.Join(',', catalog.DefaultRateLimits(Set("a b"))), Is.EqualTo(expected));
    }

    [TestCase("orders:read", true, true)]
    [TestCase("orders:*", false, true)]
    [TestCase("*", false, true)]
    [TestCase("order:*", false, false)]
    [TestCase("admin:*", false, false)]
    [TestCase("orders", false, false)]
    [TestCase("orders:erase", false, false)]
    [TestCase("", false, false)]
    public void ContainsAndIsGrantable_AnyScope_DifferForWildcards(string scope, bool contains, bool isGrantable)
    {
        Assert.That(Catalog.Contains(scope), Is.EqualTo(contains));
        Assert.That(Catalog.IsGrantable(scope), Is.EqualTo(isGrantable));
    }

    [Test]
    public void Empty_ValidScope_IsKnown()
    {
        Assert.That(ScopeCatalog.Empty.IsEmpty);
        Assert.That(ScopeCatalog.Empty.Contains("anything"));
        Assert.That(ScopeCatalog.Empty.IsGrantable("any:*"));
        Assert.That(ScopeCatalog.Empty.IsGrantable("not a scope"), Is.False);
        Assert.That(ScopeCatalog.Empty.DefaultScopes, Is.SameAs(ScopeSet.Empty));
        Assert.That(Catalog.IsEmpty, Is.False);
        Assert.That(Catalog.DefaultScopes.ToString(), Is.EqualTo("read_only"));
        Assert.That(Catalog.Definitions, Has.Count.EqualTo(8));
    }

    [Test]
    public void Ctor_InvalidDefinitions_ThrowsWithAllErrors()
    {
        ScopeDefinition[] definitions =
        [
            new() { Name = "a" }, new() { Name = "a" }, new() { Name = "b:*" }, new() { Name = "c d" }, new() { Name = null! },
            new() { Name = "e", Implies = ["missing", "no:*", "x y", "*"] },
            new() { Name = "f", RateLimits = [default] },
            new() { Name = "g", RateLimits = [new(1, TimeSpan.FromHours(1)), new(2, TimeSpan.FromHours(1))] },
        ];
        string[] expected =
        [
            "The scope a is defined 2 times", "b:* is a wildcard", "\"c d\" is not a valid scope", "it is null",
            "implies missing, which the catalog does not define",
            "implies no:*, which", "implies \"x y\", which is not a valid scope", "\"f\" has an empty rate limit",
            "\"g\" has an empty rate limit",
        ];
        var errors = ScopeCatalog.Validate(definitions);
        Assert.That(errors, Has.Count.EqualTo(expected.Length));
        foreach (var part in expected)
        {
            Assert.That(errors, Has.One.Contains(part));
            Assert.That(() => new ScopeCatalog(definitions), Throws.ArgumentException.With.Message.Contains(part));
        }
    }

    private static ScopeSet Set(string scopes) => ScopeSet.Create(scopes.Split(' '));
}
