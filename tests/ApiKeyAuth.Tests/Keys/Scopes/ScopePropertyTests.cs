using ApiKeyAuth.Keys;
using CsCheck;

namespace ApiKeyAuth.Tests.Keys.Scopes;

public sealed class ScopePropertyTests
{
    private static readonly string[] Names = ["a:x", "a:y", "b:x", "b:y", "a", "b", "c"];
    private static readonly string[] Universe = [.. Names, "*", "a:*", "b:*", "ab:x", "c:x"];
    private static readonly Gen<ScopeSet> Set = Gen.Int[0, Universe.Length - 1].Array[0, 6]
        .Select(picks => ScopeSet.Create(picks.Select(pick => Universe[pick])));

    private static readonly Gen<ScopeCatalog> Catalog = Gen.Int[0, 9].Array[0, 3].Array[Names.Length].Select(implied =>
        new ScopeCatalog(Names.Select((name, index) =>
            new ScopeDefinition { Name = name, Implies = [.. implied[index].Select(pick => Universe[pick])] })));

    [Test]
    public void Covers_AnySets_MatchesContains() => Gen.Select(Set, Set).Sample((holder, other) =>
        holder.Covers(other) == Universe.Where(other.Contains).All(holder.Contains));

    [Test]
    public void Contains_AnySet_MatchesTheGrants() => Gen.Select(Set, Gen.Int[0, Universe.Length - 1]).Sample((set, pick) =>
        set.Contains(Universe[pick]) == set.Any(grant => Grants(grant, Universe[pick])));

    [Test]
    public void Expand_ExpandedSet_ReturnsTheSameInstance() => Gen.Select(Catalog, Set).Sample((catalog, set) =>
        catalog.Expand(set) is var once && ReferenceEquals(catalog.Expand(once), once));

    [Test]
    public void Expand_AnySet_AddsAllImpliedScopes() => Gen.Select(Catalog, Set).Sample((catalog, set) =>
    {
        var expanded = catalog.Expand(set);
        return set.All(expanded.ContainsLiteral)
            && catalog.Definitions.Where(definition => expanded.Contains(definition.Name))
                .All(definition => expanded.ContainsAll(definition.Implies));
    });

    [Test]
    public void Expand_LargerSet_IsMonotone() => Gen.Select(Catalog, Set, Set).Sample((catalog, first, second) =>
        catalog.Expand(ScopeSet.Create(first.Concat(second))).Covers(catalog.Expand(first)));

    [Test]
    public void Intersect_AnySets_GrantsWhatBothGrant() => Gen.Select(Set, Set).Sample((left, right) =>
        Universe.Where(scope => left.Contains(scope) && right.Contains(scope))
            .SequenceEqual(Universe.Where(left.Intersect(right).Contains)));

    private static bool Grants(string grant, string required) =>
        grant == "*"
        || grant == required
        || (grant.EndsWith(":*", StringComparison.Ordinal) && required.StartsWith(grant[..^1], StringComparison.Ordinal));
}
