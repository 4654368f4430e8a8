namespace ApiKeyAuth.IntegrationTests.Readme;

/// <summary>Represents a row of an app's own table of keys.</summary>
public sealed class KeyRow
{
    public long Id { get; set; }

    public required byte[] Sha256 { get; set; }

    public string Scopes { get; set; } = "";

    public bool Enabled { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
}
