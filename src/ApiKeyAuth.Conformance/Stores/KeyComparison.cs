using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Compares keys property by property, because the equality of records compares lists by reference.</summary>
internal static class KeyComparison
{
    public static void AssertEqual(ApiKey? actual, ApiKey expected)
    {
        Assert.That(actual, Is.Not.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual!.Id, Is.EqualTo(expected.Id));
            Assert.That(actual.Name, Is.EqualTo(expected.Name));
            Assert.That(actual.Kind, Is.EqualTo(expected.Kind));
            Assert.That(actual.Environment, Is.EqualTo(expected.Environment));
            Assert.That(actual.TenantId, Is.EqualTo(expected.TenantId));
            Assert.That(actual.OwnerId, Is.EqualTo(expected.OwnerId));
            Assert.That(actual.Scopes, Is.EqualTo(expected.Scopes));
            Assert.That(actual.RateLimits, Is.EqualTo(expected.RateLimits));
            Assert.That(actual.Networks, Is.EqualTo(expected.Networks));
            Assert.That(actual.Audiences, Is.EqualTo(expected.Audiences));
            Assert.That(actual.Metadata, Is.EquivalentTo(expected.Metadata));
            Assert.That(actual.Enabled, Is.EqualTo(expected.Enabled));
            Assert.That(actual.RevokedAt, Is.EqualTo(expected.RevokedAt));
            Assert.That(actual.RevocationReason, Is.EqualTo(expected.RevocationReason));
            Assert.That(actual.ExpiresAt, Is.EqualTo(expected.ExpiresAt));
            Assert.That(actual.ExpiresAt?.ToString(), Is.EqualTo(expected.ExpiresAt?.ToString()));
            Assert.That(actual.NotBefore, Is.EqualTo(expected.NotBefore));
            Assert.That(actual.ExpiresAfterIdleDays, Is.EqualTo(expected.ExpiresAfterIdleDays));
            Assert.That(actual.CreatedAt, Is.EqualTo(expected.CreatedAt));
            Assert.That(actual.CreatedBy, Is.EqualTo(expected.CreatedBy));
            Assert.That(actual.Version, Is.EqualTo(expected.Version));
            Assert.That(actual.Secrets.Select(GetComparedValues), Is.EqualTo(expected.Secrets.Select(GetComparedValues)));
        }
    }

    // The usage of secrets is compared by the usage tests.
    private static object GetComparedValues(ApiKeySecret secret) =>
        (secret.Hash, secret.Hint, secret.CreatedAt, secret.ExpiresAt, secret.LeakedAt, secret.SaltedHash);
}
