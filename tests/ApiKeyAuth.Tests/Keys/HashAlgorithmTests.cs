using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Tests.Keys;

/// <summary>Tests the hashes of other systems. The expected hashes were computed with the hashlib module of Python.</summary>
public sealed class HashAlgorithmTests
{
    private const string SeamKey = "mycompany_BRTRKFsL_51FwqftsmMDHHbJAMEXXHCgG";
    private const string SeamHash = "mycompany_BRTRKFsL_d70d981d87b449c107327c2a2afbf00d4b58070d6ba571aac35d7ea3e7c79f37";
    private const string SanctumKey = "12|GeMGt4H6Bi0Fq1Dm9JZ2kS3yPXwLh7uVrTcoQaNe";
    private const string SanctumHash = "12|c429dcfb54eddde134b4fc1f12f1517b5da316a23a849ec8b54e0f0a2fccc5b9";
    private const string DjangoKey = "BAzqWd5c.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD";

    private const string DjangoHash =
        "sha512$$0ade761182864c5d83106bee17917da26169bc29a34216e0b4d4a6b795fcf58d"
        + "247c3a132637ba711fbd964ae91048c7f25f78ca8f7d43002df71cf29a8fa2d3";

    private static readonly Sha256PartHashAlgorithm Acme = new() { Name = "acme", Separator = ':' };

    private static IEnumerable<TestCaseData<IApiKeyHashAlgorithm, string, string>> Vectors =>
    [
        new(ApiKeyHashAlgorithms.Seam, SeamKey, SeamHash),
        new(ApiKeyHashAlgorithms.Sanctum, SanctumKey, SanctumHash),
        new(ApiKeyHashAlgorithms.DjangoRestFramework, DjangoKey, DjangoHash),
        new(Acme, "a:c3VwZXJzZWNyZXR2YWx1ZTEyMzQ1Njc4", "a:c8e495e6d317c10b16fcda04804438dcb4a33e3d3970b68121bbd2b3525badb2"),
    ];

    [TestCaseSource(nameof(Vectors))]
    public void ComputeHash_KeyOfTheOtherSystem_IsTheStoredHash(IApiKeyHashAlgorithm algorithm, string key, string stored)
    {
        Assert.That(Read(algorithm, stored), Is.Not.Null.And.EqualTo(Compute(algorithm, key)));
        Assert.That(Read(algorithm, UpperDigits(stored)), Is.EqualTo(Read(algorithm, stored)), "digits of either case");
    }

    // Otherwise, one key would have many spellings, each of which takes space in the cache.
    [TestCaseSource(nameof(Vectors))]
    public void ComputeHash_AnyCharacterDiffers_IsAnotherHash(IApiKeyHashAlgorithm algorithm, string key, string stored)
    {
        var expected = Read(algorithm, stored);
        for (var index = 0; index < key.Length; index++)
        {
            var changed = string.Concat(key.AsSpan(0, index), key[index] == 'x' ? "y" : "x", key.AsSpan(index + 1));
            Assert.That(Compute(algorithm, changed), Is.Not.EqualTo(expected), changed);
        }

        Assert.That(Compute(algorithm, "0" + key), Is.Not.EqualTo(expected));
        Assert.That(Compute(algorithm, key + "0"), Is.Not.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("|")]
    [TestCase("12|")]
    [TestCase("|abc")]
    [TestCase("12abc")]
    [TestCase("12|ä")]
    [TestCase("12|abc|\0é")]
    public void ComputeHash_NotAKeyOfSanctum_ReturnsFalse(string text) =>
        Assert.That(Compute(ApiKeyHashAlgorithms.Sanctum, text), Is.Null);

    [Test]
    public void ComputeHash_TooLongText_ReturnsFalse()
    {
        foreach (var algorithm in ApiKeyHashAlgorithms.All)
        {
            Assert.That(Compute(algorithm, new string('a', 600) + "_a_|." + new string('a', 20)), Is.Null, algorithm.Name);
        }
    }

    [TestCase("c429dcfb54eddde134b4fc1f12f1517b5da316a23a849ec8b54e0f0a2fccc5b9")]
    [TestCase("12|c429dcfb54eddde134b4fc1f12f1517b5da316a23a849ec8b54e0f0a2fccc5b")]
    [TestCase("12|c429dcfb54eddde134b4fc1f12f1517b5da316a23a849ec8b54e0f0a2fccc5b9a")]
    [TestCase("12|x429dcfb54eddde134b4fc1f12f1517b5da316a23a849ec8b54e0f0a2fccc5b9")]
    [TestCase("12|")]
    [TestCase("")]
    public void ReadHash_NotAHashOfSanctum_ReturnsFalse(string text) => Assert.That(Read(ApiKeyHashAlgorithms.Sanctum, text), Is.Null);

    [TestCase("sha512$salt$0ade761182864c5d83106bee17917da2")]
    [TestCase("sha512$$0ade761182864c5d83106bee17917da2")]
    [TestCase("pbkdf2_sha256$600000$c2FsdA==$AAAA")]
    [TestCase("")]
    public void ReadHash_NotAHashOfDjango_ReturnsFalse(string text) =>
        Assert.That(Read(ApiKeyHashAlgorithms.DjangoRestFramework, text), Is.Null);

    [Test]
    public void GetCandidates_Algorithms_AddsTheirHashesAfterThoseOfTheApp()
    {
        var hasher = new ApiKeyHasher([new ApiKeyPepper("p", new byte[32])], algorithms: [.. ApiKeyHashAlgorithms.All, Acme]);

        Assert.That(hasher.GetCandidates(SeamKey).Select(hash => hash.ToString()), Is.EqualTo(new[] { "hmac-sha256:p", "legacy:seam" }));
        Assert.That(
            hasher.GetCandidates(SanctumKey).Select(hash => hash.ToString()), Is.EqualTo(new[] { "hmac-sha256:p", "legacy:sanctum" }));
        Assert.That(hasher.GetCandidates("plain").Select(hash => hash.ToString()), Is.EqualTo(new[] { "hmac-sha256:p" }));
        Assert.That(hasher.GetCandidates(SeamKey)[1], Is.EqualTo(hasher.ReadLegacyHash("seam:" + SeamHash)));
    }

    [TestCase("")]
    [TestCase("Upper")]
    [TestCase("a b")]
    [TestCase("~a")]
    [TestCase("a23456789012345678901234567890123")]
    public void Hasher_InvalidName_Throws(string name)
    {
        Assert.That(
            () => new ApiKeyHasher([], algorithms: [new Sha256PartHashAlgorithm { Name = name, Separator = '.' }]),
            Throws.ArgumentException.With.Message.StartsWith(
                "HashAlgorithms:0 is null or has no valid name: use 1 to 32 of the characters a-z 0-9 -"));
        Assert.That(() => ApiKeyHash.CreateLegacy(name, new byte[32]), Throws.ArgumentException);
    }

    [Test]
    public void Hasher_TwoAlgorithmsOfOneName_Throws() =>
        Assert.That(
            () => new ApiKeyHasher([], algorithms: [Acme, Acme]),
            Throws.ArgumentException.With.Message.StartsWith("HashAlgorithms: two algorithms have the name acme: keep one of them."));

    [Test]
    public void LegacyHash_Text_RoundTripsAndIsNoOtherHash()
    {
        var hash = ApiKeyHash.CreateLegacy("seam", new byte[32]);

        Assert.That(ApiKeyHash.Parse(hash.Format()), Is.EqualTo(hash));
        Assert.That(new ApiKeyHash(hash.Digest, hash.PepperId), Is.EqualTo(hash), "as a store reads it");
        Assert.That((hash.Format(), hash.ToString()), Is.EqualTo(("legacy:seam:" + new string('0', 64), "legacy:seam")));
        Assert.That((hash.IsLegacy, hash.Algorithm, hash.PepperId), Is.EqualTo((true, "seam", "~seam")));
        Assert.That(hash, Is.Not.EqualTo(new ApiKeyHash(new byte[32])).And.Not.EqualTo(new ApiKeyHash(new byte[32], "seam")));
        Assert.That(new ApiKeyHash(new byte[32], "seam").IsLegacy, Is.False);
        Assert.That(ApiKeyHash.TryParse("hmac-sha256:~seam:" + new string('0', 64), out _), Is.False);
        Assert.That(ApiKeyHash.TryParse("legacy:Seam:" + new string('0', 64), out _), Is.False);
        Assert.That(() => new ApiKeyPepper("~seam", new byte[32]), Throws.ArgumentException);
    }

    private static string UpperDigits(string stored)
    {
        var start = stored.LastIndexOfAny(['_', '|', '$', ':']) + 1;
        return stored[..start] + stored[start..].ToUpperInvariant();
    }

    private static string? Compute(IApiKeyHashAlgorithm algorithm, string key)
    {
        var hash = new byte[32];
        return algorithm.TryComputeHash(key, hash) ? Convert.ToHexString(hash) : null;
    }

    private static string? Read(IApiKeyHashAlgorithm algorithm, string text)
    {
        var hash = new byte[32];
        return algorithm.TryReadHash(text, hash) ? Convert.ToHexString(hash) : null;
    }
}
