namespace ApiKeyAuth.Management;

/// <summary>Reads what callers may write of keys.</summary>
internal static class KeyBodies
{
    private static readonly HashSet<string> OfServer = new(StringComparer.Ordinal)
    {
        "id", "key", "hash", "hashes", "secret", "secrets", "hint", "tenantId", "status", "createdAt", "createdBy", "lastUsedAt", "usageCount",
        "version", "revokedAt", "revocationReason",
    };

    private static readonly HashSet<string> Fixed = new(StringComparer.Ordinal) { "kind", "environment", "ownerId" };

    public static NewApiKey New(BodyReader body)
    {
        var request = new NewApiKey
        {
            Name = body.Text("name") ?? "",
            Kind = body.Text("kind"),
            Environment = body.Text("environment"),
            OwnerId = body.Text("ownerId"),
            Scopes = body.Texts("scopes"),
            RateLimits = body.RateLimits("rateLimits"),
            Networks = body.NetworkList("networks"),
            Audiences = body.Texts("audiences"),
            Metadata = body.Map("metadata", allowsNull: false)?.ToDictionary(note => note.Key, note => note.Value ?? "", StringComparer.Ordinal),
            ExpiresAt = body.Expiry("expiresAt"),
            ExpiresInDays = (int?)body.Number("expiresInDays", 1, 36_500),
        };
        return request with { Unread = body.Finish(Explain) };
    }

    public static ApiKeyPatch Patch(BodyReader body)
    {
        var patch = new ApiKeyPatch
        {
            Name = body.Change("name", name => body.Text(name) ?? ""),
            Enabled = body.Change("enabled", body.RequiredFlag),
            Scopes = body.Change("scopes", body.Texts),
            RateLimits = body.Change("rateLimits", body.RateLimits),
            Networks = body.Change("networks", body.NetworkList),
            Audiences = body.Change("audiences", body.Texts),
            Metadata = body.Change<IReadOnlyDictionary<string, string?>?>("metadata", name => body.Map(name, allowsNull: true)),
            ExpiresAt = body.Change("expiresAt", body.Expiry),
        };
        return patch with { Unread = body.Finish(name => Fixed.Contains(name) ? "cannot be changed; make a new key" : Explain(name)) };
    }

    public static ApiKeyRotation Rotation(BodyReader body)
    {
        var rotation = new ApiKeyRotation
        {
            Grace = TimeSpan.FromSeconds(body.Number("graceSeconds", 0, int.MaxValue) ?? 0),
            DiscardCurrent = body.Flag("discardCurrent") ?? false,
        };
        return rotation with { Unread = body.Finish(Explain) };
    }

    public static ApiKeyRevocation Revocation(BodyReader body)
    {
        var revocation = new ApiKeyRevocation { Reason = body.Text("reason"), Cascade = body.Flag("cascade") ?? false };
        return revocation with { Unread = body.Finish(Explain) };
    }

    private static string? Explain(string name) => OfServer.Contains(name) ? "is set by the server" : null;
}
