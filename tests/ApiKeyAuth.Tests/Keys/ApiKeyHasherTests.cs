using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyHasherTests
{
    private const string Secret = "key_live_abc";
    private static readonly byte[] PepperBytes = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
    private static readonly byte[] Digest = SHA256.HashData(Encoding.ASCII.GetBytes(Secret));
    private static readonly ApiKeyPepper Current = new("2026", PepperBytes);
    private static readonly ApiKeyPepper Old = new("2025", new byte[32], retired: true);
    private static readonly ApiKeyPepper Older = new("2024", new byte[40], retired: true);

    [Test]
    public void ComputeDigest_Abc_MatchesTheVectorOfFips180()
    {
        Span<byte> digest = stackalloc byte[32];
        ApiKeyHasher.ComputeDigest("abc", digest);
        Assert.That(Convert.ToHexStringLower(digest), Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    [Test]
    public void ComputeDigest_NonAscii_ThrowsWithoutTheSecret() =>
        Assert.That(() => ApiKeyHasher.ComputeDigest("sécret", new byte[32]), Throws.ArgumentException.With.Message.Not.Contains("cret\""));

    [Test]
    public void ComputeDigest_TooLongSecretOrShortDestination_Throws()
    {
        Assert.That(() => ApiKeyHasher.ComputeDigest(new string('a', 512), new byte[32]), Throws.Nothing);
        Assert.That(() => ApiKeyHasher.ComputeDigest(new string('a', 513), new byte[32]), Throws.ArgumentException);
        Assert.That(() => ApiKeyHasher.ComputeDigest("a", new byte[31]), Throws.ArgumentException);
    }

    [Test]
    public void ComputeDigest_Warm_AllocatesNothing()
    {
        var destination = new byte[32];
        Assert.That(Allocations.Of(() => ApiKeyHasher.ComputeDigest(Secret, destination)), Is.Zero);
    }

    [Test]
    public void Hash_NoPepper_IsPlainSha256() =>
        Assert.That(new ApiKeyHasher([]).Hash(Secret), Is.EqualTo(new ApiKeyHash(Digest)));

    [Test]
    public void Hash_CurrentPepper_IsHmacOfTheDigest()
    {
        var expected = new ApiKeyHash(HMACSHA256.HashData(PepperBytes, Digest), "2026");
        var hasher = new ApiKeyHasher([Old, Current]);
        Assert.That(hasher.Hash(Secret), Is.EqualTo(expected));
        Assert.That(hasher.Hash(Digest), Is.EqualTo(expected));
    }

    [Test]
    public void Hash_OnlyRetiredPeppers_IsPlainAndACandidate()
    {
        var hasher = new ApiKeyHasher([Old]);
        Assert.That(hasher.Hash(Secret).PepperId, Is.Null);
        Assert.That(hasher.GetCandidates(Digest), Does.Contain(hasher.Hash(Secret)));
    }

    [Test]
    public void GetCandidates_SeveralPeppers_StartsWithTheCurrentOne() =>
        Assert.That(
            new ApiKeyHasher([Old, Current, Older]).GetCandidates(Digest).Select(hash => hash.PepperId),
            Is.EqualTo(new[] { "2026", "2025", "2024" }));

    [Test]
    public void GetCandidates_UnpepperedAccepted_EndsWithThePlainHash() =>
        Assert.That(
            new ApiKeyHasher([Old, Current], acceptUnpeppered: true).GetCandidates(Digest).Select(hash => hash.PepperId),
            Is.EqualTo(new[] { "2026", "2025", null }));

    [Test]
    public void AcceptUnpeppered_Default_IsTrueWithoutACurrentPepper()
    {
        Assert.That(new ApiKeyHasher([]).AcceptUnpeppered);
        Assert.That(new ApiKeyHasher([Current]).AcceptUnpeppered, Is.False);
        Assert.That(() => new ApiKeyHasher([Old], acceptUnpeppered: false), Throws.ArgumentException);
    }

    [Test]
    public void Ctor_TwoCurrentPeppers_ThrowsWithTheirIds() =>
        Assert.That(
            () => new ApiKeyHasher([Current, new("next", PepperBytes)]),
            Throws.ArgumentException.With.Message.Contains("2026, next"));

    [Test]
    public void Ctor_SameIdTwice_ThrowsWithTheId() =>
        Assert.That(
            () => new ApiKeyHasher([Current, new("2026", PepperBytes, retired: true)]),
            Throws.ArgumentException.With.Message.Contains("2026"));

    [Test]
    public void Hash_WrongDigestLength_Throws()
    {
        Assert.That(() => new ApiKeyHasher([Current]).Hash(new byte[31]), Throws.ArgumentException);
        Assert.That(() => new ApiKeyHasher([Current]).GetCandidates(new byte[33]), Throws.ArgumentException);
    }
}
