using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys.Scopes;

public sealed class ScopeSetTests
{
    [TestCase("orders:read")]
    [TestCase("orders:*")]
    [TestCase("*")]
    [TestCase("full_access")]
    [TestCase("a")]
    [TestCase("https://x")]
    [TestCase("!#$%&'()+,-./:;<=>?@[]^_`{|}~")]
    public void IsScope_WellFormed_IsTrue(string text) => Assert.That(ScopeSet.IsScope(text));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(":")]
    [TestCase("orders:")]
    [TestCase(":read")]
    [TestCase("a:b:c")]
    [TestCase("**")]
    [TestCase("or*")]
    [TestCase("*:read")]
    [TestCase("*:*")]
    [TestCase("orders:re*")]
    [TestCase("orders:**")]
    [TestCase("orders read")]
    [TestCase("orders\n")]
    [TestCase("a\"b")]
    [TestCase("a\\b")]
    [TestCase("é")]
    [TestCase("\u007f")]
    public void IsScope_Malformed_IsFalse(string? text)
    {
        Assert.That(ScopeSet.IsScope(text), Is.False);
        Assert.That(() => ScopeSet.Create(["ok", text!]), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void IsScope_TooLong_IsFalse()
    {
        Assert.That(ScopeSet.IsScope(new string('a', 128)));
        Assert.That(ScopeSet.IsScope(new string('a', 129)), Is.False);
    }

    [TestCase("a:b:c", "\"a:b:c\" is not a valid scope: a scope must have at most one colon.")]
    [TestCase("a\nb", "\"a\\u000ab\" is not a valid scope")]
    [TestCase("orders:", "both sides")]
    [TestCase("*:read", "a resource must")]
    public void Create_Malformed_ThrowsWithScopeAndRule(string scope, string message) =>
        Assert.That(() => ScopeSet.Create([scope]), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [TestCase("*", "anything:at_all", true)]
    [TestCase("*", "*", true)]
    [TestCase("*", "orders:*", true)]
    [TestCase("orders:*", "orders:read", true)]
    [TestCase("orders:*", "orders:*", true)]
    [TestCase("orders:*", "orders", false)]
    [TestCase("orders:*", "orders:", false)]
    [TestCase("orders:*", "orders:a:b", false)]
    [TestCase("orders:*", "orders2:read", false)]
    [TestCase("orders:*", "order:read", false)]
    [TestCase("orders:*", "Orders:read", false)]
    [TestCase("orders:*", "*", false)]
    [TestCase("orders:read", "orders:read", true)]
    [TestCase("orders:read", "orders:Read", false)]
    [TestCase("orders:read", "orders:*", false)]
    [TestCase("orders:read", "orders:rea", false)]
    [TestCase("orders", "orders", true)]
    [TestCase("orders", "orders:read", false)]
    public void Contains_AnyGrant_MatchesScopesAndWildcards(string grant, string required, bool expected) =>
        Assert.That(ScopeSet.Create(["other", grant]).Contains(required), Is.EqualTo(expected));

    [Test]
    public void Contains_EmptySet_IsFalse()
    {
        Assert.That(ScopeSet.Empty.Contains("a"), Is.False);
        Assert.That(ScopeSet.Empty.Contains("*"), Is.False);
    }

    [Test]
    public void ContainsLiteral_Wildcard_MatchesOnlyItself()
    {
        var set = ScopeSet.Create(["orders:*", "*"]);
        Assert.That(set.ContainsLiteral("orders:*"));
        Assert.That(set.ContainsLiteral("orders:read"), Is.False);
    }

    [Test]
    public void ContainsAllAndContainsAny_SeveralScopes_CombineThem()
    {
        var set = ScopeSet.Create(["orders:*", "users:read"]);
        Assert.That(set.ContainsAll(["orders:read", "users:read"]));
        Assert.That(set.ContainsAll(["orders:read", "users:write"]), Is.False);
        Assert.That(set.ContainsAny(["users:write", "orders:read"]));
        Assert.That(set.ContainsAny(["users:write"]), Is.False);
        Assert.That(set.ContainsAll([]));
        Assert.That(set.ContainsAny([]), Is.False);
    }

    [TestCase("*", "orders:* a", true)]
    [TestCase("orders:*", "orders:read orders:write", true)]
    [TestCase("orders:read orders:write", "orders:*", false)]
    [TestCase("orders:*", "*", false)]
    [TestCase("a b", "b", true)]
    [TestCase("a", "a b", false)]
    public void Covers_OtherSet_ComparesEverythingItGrants(string holder, string other, bool expected) =>
        Assert.That(ScopeSet.Create(holder.Split(' ')).Covers(ScopeSet.Create(other.Split(' '))), Is.EqualTo(expected));

    [Test]
    public void Create_Duplicates_KeepsTheFirstOrder()
    {
        var set = ScopeSet.Create(["b", "a", "b", "c"]);
        Assert.That(set, Is.EqualTo(new[] { "b", "a", "c" }).AsCollection);
        Assert.That(set, Has.Count.EqualTo(3));
        Assert.That(set.ToString(), Is.EqualTo("b a c"));
        Assert.That(ScopeSet.Create([]), Is.SameAs(ScopeSet.Empty));
    }

    [Test]
    public void Equals_OtherOrder_IsTrue()
    {
        var set = ScopeSet.Create(["a", "b"]);
        Assert.That(set.Equals(ScopeSet.Create(["b", "a"])));
        Assert.That(set.GetHashCode(), Is.EqualTo(ScopeSet.Create(["b", "a"]).GetHashCode()));
        Assert.That(set.Equals(ScopeSet.Create(["a"])), Is.False);
        Assert.That(set.Equals(ScopeSet.Create(["a", "c"])), Is.False);
        Assert.That(set.Equals((object?)null), Is.False);
    }

    [Test]
    public void Contains_Warm_AllocatesNothing()
    {
        var set = ScopeSet.Create(Enumerable.Range(0, 20).Select(index => index % 2 == 0 ? $"r{index}:read" : $"r{index}:*"));
        string[] required = ["r0:read", "r1:read", "r0:write", "absent"];
        var allocated = Allocations.Of(() =>
        {
            set.ContainsAll(required);
            set.ContainsAny(required);
            set.Contains(required[3]);
            set.Covers(set);
        });
        Assert.That(allocated, Is.Zero);
    }

    [TestCase("a:read b:read", "b:read c:read", "b:read")]
    [TestCase("*", "a:read b:*", "a:read b:*")]
    [TestCase("a:read b:*", "*", "a:read b:*")]
    [TestCase("a:*", "a:read a:write b:read", "a:read a:write")]
    [TestCase("a:read b:read", "a:*", "a:read")]
    [TestCase("a:*", "a:*", "a:*")]
    [TestCase("*", "*", "*")]
    [TestCase("* a:read", "a:*", "a:* a:read")]
    [TestCase("a:*", "ab:read a", "")]
    [TestCase("", "*", "")]
    public void Intersect_SetsWithWildcards_GrantsWhatBothGrant(string left, string right, string both)
    {
        ScopeSet Set(string scopes) => ScopeSet.Create(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(Set(left).Intersect(Set(right)), Is.EqualTo(Set(both)));
        Assert.That(Set(right).Intersect(Set(left)), Is.EqualTo(Set(both)));
    }
}
