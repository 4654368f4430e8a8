using ApiKeyAuth.Stores;

namespace ApiKeyAuth.TestSupport;

/// <summary>Creates audit entries for tests that write to a store directly.</summary>
public static class AuditEntries
{
    public static ApiKeyAuditEntry Create(string keyId, DateTimeOffset? at = null) => new()
    {
        Id = Guid.CreateVersion7(),
        At = at ?? DateTimeOffset.UnixEpoch,
        Action = "test",
        KeyId = keyId,
        Actor = "test",
        Changes = "{}",
    };
}
