using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyHashTests
{
    private const string Hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static readonly byte[] Digest = Convert.FromHexString(Hex);

    [TestCase("sha256:" + Hex, null)]
    [TestCase("hmac-sha256:2026.a_b-c:" + Hex, "2026.a_b-c")]
    public void TryParse_FormattedHash_RoundTrips(string text, string? pepperId)
    {
        Assert.That(ApiKeyHash.TryParse(text, out var hash));
        Assert.That(hash!.PepperId, Is.EqualTo(pepperId));
        Assert.That(hash.Digest.ToArray(), Is.EqualTo(Digest));
        Assert.That(hash.Format(), Is.EqualTo(text));
    }

    // Standard Base64 as in Unkey's export, Base64url without padding as in better-auth.
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0")]
    [TestCase("sha256:ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")]
    [TestCase("sha256:ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=")]
    [TestCase("hmac-sha256:p:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")]
    public void TryParse_Base64OrBase64Url_ReturnsTheSameHash(string text)
    {
        Assert.That(ApiKeyHash.TryParse(text, out var hash));
        Assert.That(hash!.Digest.ToArray(), Is.EqualTo(Digest));
        Assert.That(ApiKeyHash.Parse(hash.Format()), Is.EqualTo(hash));
    }

    [TestCase("sha256:ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0==")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa=")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAF==")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAF 0=")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0\n")]
    [TestCase("sha256: ngWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0")]
    [TestCase("sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=A")]
    [TestCase("sha256:=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0")]
    [TestCase("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")]
    [TestCase(null)]
    [TestCase("")]
    [TestCase(Hex)]
    [TestCase("sha256:")]
    [TestCase("SHA256:" + Hex)]
    [TestCase("sha256:" + Hex + "00")]
    [TestCase("sha256: a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("hmac-sha256:" + Hex)]
    [TestCase("hmac-sha256::" + Hex)]
    [TestCase("hmac-sha256:a b:" + Hex)]
    [TestCase("hmac-sha256:a:b:" + Hex)]
    public void TryParse_AnythingElse_Fails(string? text)
    {
        Assert.That(ApiKeyHash.TryParse(text, out var hash), Is.False);
        Assert.That(hash, Is.Null);
    }

    [Test]
    public void TryParse_UppercaseHex_ReturnsTheSameHash() =>
        Assert.That(ApiKeyHash.TryParse("sha256:" + Hex.ToUpperInvariant(), out var hash) && hash.Equals(new ApiKeyHash(Digest)));

    [Test]
    public void Equals_OtherVersionOrDigest_IsFalse()
    {
        var plain = new ApiKeyHash(Digest);
        Assert.That(plain, Is.EqualTo(new ApiKeyHash(Digest)));
        Assert.That(plain.GetHashCode(), Is.EqualTo(new ApiKeyHash(Digest).GetHashCode()));
        Assert.That(plain, Is.Not.EqualTo(new ApiKeyHash(Digest, "p1")));
        Assert.That(new ApiKeyHash(Digest, "P1"), Is.Not.EqualTo(new ApiKeyHash(Digest, "p1")));
        Assert.That(plain, Is.Not.EqualTo(new ApiKeyHash(new byte[32])));
    }

    [Test]
    public void Ctor_InvalidArguments_ThrowsWithoutTheDigest()
    {
        Assert.That(() => new ApiKeyHash(new byte[31]), Throws.ArgumentException.With.Message.Contains("31"));
        Assert.That(() => new ApiKeyHash(Digest, "a:b"), Throws.ArgumentException.With.Message.Not.Contains(Hex[..8]));
    }

    [Test]
    public void ToString_AnyHash_ShowsTheVersionOnly()
    {
        Assert.That(new ApiKeyHash(Digest).ToString(), Is.EqualTo("sha256"));
        Assert.That(new ApiKeyHash(Digest, "p1").ToString(), Is.EqualTo("hmac-sha256:p1"));
    }
}
