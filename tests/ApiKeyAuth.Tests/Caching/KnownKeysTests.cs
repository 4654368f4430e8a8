using ApiKeyAuth.Caching;
using CsCheck;

namespace ApiKeyAuth.Tests.Caching;

public sealed class KnownKeysTests
{
    [Test]
    public void Put_Full_RemovesTheOldestEntry()
    {
        var keys = new KnownKeys(3);
        foreach (var secret in new[] { "s1", "s2", "s3", "s1", "s4" })
        {
            keys.Put(Record("k" + secret, secret), now: 0);
        }

        Assert.That(Present(keys, "s1", "s2", "s3", "s4"), Is.EqualTo(new[] { "s1", "s3", "s4" }));
        Assert.That((keys.Count, keys.KeyCount), Is.EqualTo((3, 3)));
    }

    [Test]
    public void Put_ExpiredEntries_AreRemoved()
    {
        var keys = new KnownKeys(10);
        keys.Put(Record("k1", "s1", serveUntil: 5), now: 0);
        keys.Put(Record("k2", "s2", serveUntil: 6), now: 0);
        keys.Put(Record("k3", "s3", serveUntil: 9), now: 5);
        Assert.That(Present(keys, "s1", "s2", "s3"), Is.EqualTo(new[] { "s2", "s3" }));
    }

    [Test]
    public void Put_SameTagOfAnotherKey_RemovesTheFirst()
    {
        var keys = new KnownKeys(10);
        keys.Put(Record("k1", "s1"), now: 0);
        keys.Put(Record("k2", "s1"), now: 0);
        keys.RemoveKey("k1");
        Assert.That(Present(keys, "s1"), Is.EqualTo(new[] { "s1" }));
        keys.RemoveKey("k2");
        Assert.That((keys.Count, keys.KeyCount, Present(keys, "s1").Length), Is.EqualTo((0, 0, 0)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Remove_OneOfThreeSiblings_KeepsTheOthers(int index)
    {
        string[] secrets = ["s0", "s1", "s2"];
        var keys = new KnownKeys(10);
        Array.ForEach(secrets, secret => keys.Put(Record("k1", secret), now: 0));
        keys.Remove(SecretTag.Compute(secrets[index]));
        Assert.That(Present(keys, secrets), Is.EqualTo(secrets.Where((_, i) => i != index)));
        keys.RemoveKey("k1");
        Assert.That((keys.Count, keys.KeyCount, Present(keys, secrets).Length), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Remove_AnyWay_EntryReferencesNoOther()
    {
        var keys = new KnownKeys(6);
        CachedApiKey[] records = [.. Enumerable.Range(0, 10).Select(index => Record("k" + (index % 2), "s" + index))];
        Array.ForEach(records, record => keys.Put(record, now: 0));
        keys.Remove(records[5].Tag);
        keys.RemoveKey("k0");
        keys.Clear();
        Assert.That(
            records.Select(record => (record.Sibling, record.Older, record.Newer)),
            Is.All.EqualTo(((CachedApiKey?)null, (CachedApiKey?)null, (CachedApiKey?)null)));
        Assert.That((keys.Count, keys.KeyCount), Is.EqualTo((0, 0)));
        keys.Put(records[0], now: 0);
        Assert.That(Present(keys, "s0"), Is.EqualTo(new[] { "s0" }));
    }

    [Test]
    public void AnyOperations_IndexesAgreeWithAModel() =>
        Check.Sample(
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 11]).Array[0, 200],
            operations =>
            {
                const int Capacity = 5;
                var keys = new KnownKeys(Capacity);
                var model = new List<CachedApiKey>();
                foreach (var (operation, index) in operations)
                {
                    var secret = "s" + index;
                    switch (operation)
                    {
                        case 0:
                            keys.RemoveKey("k" + (index / 3));
                            model.RemoveAll(record => record.Key.Id == "k" + (index / 3));
                            break;
                        case 1:
                            keys.Remove(SecretTag.Compute(secret));
                            model.RemoveAll(record => record.Tag.Equals(SecretTag.Compute(secret)));
                            break;
                        case 2 when index == 0:
                            keys.Clear();
                            model.Clear();
                            break;
                        default:
                            var added = Record("k" + (index / 3), secret);
                            keys.Put(added, now: 0);
                            model.RemoveAll(record => record.Tag.Equals(added.Tag));
                            model.Add(added);
                            model.RemoveRange(0, Math.Max(0, model.Count - Capacity));
                            break;
                    }

                    if (keys.Count != model.Count || keys.KeyCount != model.Select(record => record.Key.Id).Distinct().Count()
                        || !model.TrueForAll(record => keys.TryGet(record.Tag, out var found) && ReferenceEquals(found, record))
                        || Present(keys, [.. Enumerable.Range(0, 12).Select(i => "s" + i)]).Length != model.Count)
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 2_000);

    private static CachedApiKey Record(string id, string secret, long serveUntil = 100)
    {
        var key = CacheRig.Key(id, secret);
        return new CachedApiKey(SecretTag.Compute(secret), key, key.Secrets[0], key.Scopes, freshUntil: serveUntil, serveUntil);
    }

    private static string[] Present(KnownKeys keys, params string[] secrets) =>
        Array.FindAll(secrets, secret => keys.TryGet(SecretTag.Compute(secret), out _));
}
