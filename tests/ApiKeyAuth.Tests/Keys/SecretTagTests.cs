using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Caching;

namespace ApiKeyAuth.Tests.Keys;

public sealed class SecretTagTests
{
    private const string Secret = "key_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg123456";

    private static readonly byte[] ProcessKey = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Test]
    public void Compute_SameSecret_ReturnsEqualTags([Values] bool withoutAes)
    {
        var (one, other) = (Tag(Secret, withoutAes), Tag(new string(Secret.AsSpan()), withoutAes));
        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
    }

    [Test]
    public void Compute_SecretsThatDifferInOneCharacter_ReturnsDifferentTags([Values] bool withoutAes)
    {
        string[] others =
        [
            .. Enumerable.Range(0, Secret.Length).Select(i => $"{Secret[..i]}{(char)(Secret[i] ^ 1)}{Secret[(i + 1)..]}"),
            .. Enumerable.Range(0, Secret.Length).Select(i => Secret.Remove(i, 1)),
            Secret + "\0", Secret + "0", "\0" + Secret, "", "\0", "\0\0", new string('\0', 16), new string('\0', 17), new string('\0', 32),
        ];
        string[] all = [Secret, .. others.Distinct()];
        Assert.That(all.Select(secret => Tag(secret, withoutAes)).Distinct().Count(), Is.EqualTo(all.Length));
    }

    [Test]
    public void Compute_NonAscii_ThrowsWithoutTheSecret([Values] bool withoutAes) =>
        Assert.That(() => Tag("sécret", withoutAes), Throws.ArgumentException.With.Message.Not.Contains("cret\""));

    [Test]
    public void GetHashCode_ManySecrets_IsEvenlyDistributed()
    {
        var codes = Enumerable.Range(0, 10_000)
            .Select(i => SecretTag.Compute(Secret + i).GetHashCode() & 0xFFF)
            .CountBy(code => code)
            .ToList();
        Assert.That(codes, Has.Count.GreaterThan(3_500), "about 3,740 of 4,096 are expected");
        Assert.That(codes.Max(code => code.Value), Is.LessThan(20), "2.4 are expected in each");
    }

    [Test]
    public void ComputeWithSha256_AnySecret_ReturnsHalfOfTheHashOfKeyAndDigest()
    {
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(Secret));
        var expected = SHA256.HashData([.. ProcessKey, .. digest])[..16];
        var tag = SecretTag.ComputeWithSha256(Secret, ProcessKey);
        Assert.That(MemoryMarshal.AsBytes<SecretTag>(new[] { tag }).ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void ComputeWithSha256_OtherKey_ReturnsAnotherTag() =>
        Assert.That(SecretTag.ComputeWithSha256(Secret, new byte[16]), Is.Not.EqualTo(SecretTag.ComputeWithSha256(Secret, ProcessKey)));

    private static SecretTag Tag(string secret, bool withoutAes) =>
        withoutAes ? SecretTag.ComputeWithSha256(secret, ProcessKey) : SecretTag.Compute(secret);
}
