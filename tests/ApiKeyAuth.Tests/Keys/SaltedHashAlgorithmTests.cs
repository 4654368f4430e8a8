using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Tests.Keys;

/// <summary>
/// Tests salted hashes of other systems. The hashes were made with hashlib.pbkdf2_hmac of Python, in the format of Django.
/// </summary>
public sealed class SaltedHashAlgorithmTests
{
    private const string Key = "BAzqWd5c.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD";

    private static SaltedApiKeyHashAlgorithm Django => ApiKeyHashAlgorithms.DjangoPbkdf2;

    [TestCase("BAzqWd5c.pbkdf2_sha256$260000$kZ3pQ8vXn2LtRy7WmB5hJc$tE6/SvUqZ9oJxbwbDTirCyq2L+mBhd6EF3SlAoLmKcQ=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$1000$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=")]
    public void Verify_KeyAndHashOfDjango_Matches(string hash)
    {
        Assert.That((Django.FindPrefix(Key), Django.FindHashPrefix(hash)), Is.EqualTo(("BAzqWd5c", "BAzqWd5c")));
        Assert.That(Django.Verify(Key, hash));
        Assert.That(Django.Verify(Key.Replace("PiD", "PiE", StringComparison.Ordinal), hash), Is.False);
        Assert.That(Django.Verify(Key.AsSpan(9), hash), Is.False, "the whole key was hashed");
    }

    [Test]
    public void Verify_HashOfAnotherKey_DoesNotMatch() => Assert.That(
        Django.Verify(Key, "BAzqWd5c.pbkdf2_sha256$1000$othersalt2$0XwGOp7KcbqVi67UfEobdaXJiAldJB+DkUT3gB8IeWk="), Is.False);

    [TestCase("")]
    [TestCase(".secret")]
    [TestCase("prefix.")]
    [TestCase("prefix")]
    [TestCase("a234567890123456789012345678901234567890123456789012345678901234z.secret")]
    public void FindPrefix_NotAKeyOfDjango_ReturnsNull(string key) => Assert.That(Django.FindPrefix(key), Is.Null);

    [TestCase("")]
    [TestCase("BAzqWd5c")]
    [TestCase("BAzqWd5c.pbkdf2_sha1$1000$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$1000$$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$-1000$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$99999999999$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$10000001$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$1000$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpN")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$1000$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcNQcM=")]
    [TestCase("BAzqWd5c.pbkdf2_sha256$1000$fastsalt1$tQt9O2HDiqb0U/R3WQ442LkX7FTGmxydS8guPNpNQcM=$")]
    public void FindHashPrefix_NotAHashOfDjango_ReturnsNull(string hash)
    {
        Assert.That(Django.FindHashPrefix(hash), Is.Null);
        Assert.That(Django.Verify(Key, hash), Is.False);
    }

    [TestCase("", "a")]
    [TestCase("a", "")]
    [TestCase("a b", "a")]
    [TestCase("ä", "a")]
    [TestCase("a", "a\0")]
    [TestCase("a234567890123456789012345678901234567890123456789012345678901234z", "a")]
    public void SaltedHash_InvalidPart_Throws(string prefix, string text) =>
        Assert.That(() => new ApiKeySaltedHash(prefix, text), Throws.ArgumentException.With.Message.Not.Contains("a234"));

    [Test]
    public void SaltedHash_ToString_DoesNotShowTheHash() =>
        Assert.That(new ApiKeySaltedHash("pre", "hunter2").ToString(), Is.EqualTo("ApiKeySaltedHash"));
}
