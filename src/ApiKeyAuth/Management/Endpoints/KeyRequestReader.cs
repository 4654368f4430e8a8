namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Reads the bodies of requests that create and change keys.</summary>
internal static class KeyRequestReader
{
    private static readonly HashSet<string> ServerSetMembers = new(StringComparer.Ordinal)
    {
        "id", "key", "hash", "hashes", "secret", "secrets", "hint", "tenantId", "status", "createdAt", "createdBy",
        "lastUsedAt", "usageCount", "version", "revokedAt", "revocationReason",
    };

    private static readonly HashSet<string> ImmutableMembers = new(StringComparer.Ordinal) { "kind", "environment", "ownerId" };

    public static NewApiKey ReadNewKey(BodyReader body)
    {
        var request = new NewApiKey
        {
            Name = body.GetString("name") ?? "",
            Kind = body.GetString("kind"),
            Environment = body.GetString("environment"),
            OwnerId = body.GetString("ownerId"),
            Scopes = body.GetStrings("scopes"),
            RateLimits = body.GetRateLimits("rateLimits"),
            Networks = body.GetNetworks("networks"),
            Audiences = body.GetStrings("audiences"),
            Metadata = body.GetStringMap("metadata", allowsNull: false)
                ?.ToDictionary(item => item.Key, item => item.Value ?? "", StringComparer.Ordinal),
            ExpiresAt = body.GetExpiry("expiresAt"),
            ExpiresInDays = (int?)body.GetInt64("expiresInDays", 1, 36_500),
        };
        return request with { ParseErrors = body.GetProblems(ExplainRejectedMember) };
    }

    public static ApiKeyPatch ReadPatch(BodyReader body)
    {
        var patch = new ApiKeyPatch
        {
            Name = body.GetOptional("name", name => body.GetString(name) ?? ""),
            Enabled = body.GetOptional("enabled", body.GetRequiredBoolean),
            Scopes = body.GetOptional("scopes", body.GetStrings),
            RateLimits = body.GetOptional("rateLimits", body.GetRateLimits),
            Networks = body.GetOptional("networks", body.GetNetworks),
            Audiences = body.GetOptional("audiences", body.GetStrings),
            Metadata = body.GetOptional<IReadOnlyDictionary<string, string?>?>(
                "metadata", name => body.GetStringMap(name, allowsNull: true)),
            ExpiresAt = body.GetOptional("expiresAt", body.GetExpiry),
        };
        return patch with
        {
            ParseErrors = body.GetProblems(
                name => ImmutableMembers.Contains(name) ? "cannot be changed; create a new key" : ExplainRejectedMember(name)),
        };
    }

    public static ApiKeyRotation ReadRotation(BodyReader body)
    {
        var rotation = new ApiKeyRotation
        {
            Grace = TimeSpan.FromSeconds(body.GetInt64("graceSeconds", 0, int.MaxValue) ?? 0),
            DiscardCurrent = body.GetBoolean("discardCurrent") ?? false,
        };
        return rotation with { ParseErrors = body.GetProblems(ExplainRejectedMember) };
    }

    public static ApiKeyRevocation ReadRevocation(BodyReader body)
    {
        var revocation = new ApiKeyRevocation { Reason = body.GetString("reason"), Cascade = body.GetBoolean("cascade") ?? false };
        return revocation with { ParseErrors = body.GetProblems(ExplainRejectedMember) };
    }

    private static string? ExplainRejectedMember(string name) => ServerSetMembers.Contains(name) ? "is set by the server" : null;
}
