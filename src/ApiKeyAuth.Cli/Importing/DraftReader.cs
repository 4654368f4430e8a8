using System.Net;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Turns what a source says about a key into a key to import, with its hash and without its secret.</summary>
internal sealed class DraftReader(ApiKeyFormats formats, ApiKeyHasher hasher, ImportDefaults defaults, DateTimeOffset now)
{
    private const int MaxShownName = 60;
    private const int HintLength = 4;
    private const int MinLengthForHint = 16;

    private static readonly IApiKeyHashAlgorithm[] Algorithms =
        [ApiKeyHashAlgorithms.Seam, ApiKeyHashAlgorithms.Sanctum, ApiKeyHashAlgorithms.DjangoRestFramework];

    public ImportRecord Read(KeyDraft draft)
    {
        if (draft.SkipReason is not null)
        {
            return new ImportRecord(draft.Position) { Name = Show(draft.Name), SkipReason = draft.SkipReason };
        }

        var environment = draft.Environment ?? defaults.Environment;
        var secrets = ReadSecrets(draft, ref environment);
        var networks = ReadNetworks(draft);
        if (draft.ExpiresAt?.Instant <= now && !defaults.AllowsExpired)
        {
            draft.Fail("has expired; remove it from the file, or pass --allow-expired");
        }

        if (draft.Problem is not null)
        {
            return new ImportRecord(draft.Position) { Name = Show(draft.Name), Problem = draft.Problem };
        }

        List<string> hashes = [.. secrets, .. draft.Hashes];
        return new ImportRecord(draft.Position)
        {
            Name = Show(draft.Name),
            StoredHashes = [.. hashes.SelectMany(hash => GetStoredHashes(hash, draft.HashAlgorithm))],
            Key = new ImportedApiKey
            {
                Id = draft.Id,
                Hash = hashes[0],
                AdditionalHashes = hashes[1..],
                HashAlgorithm = draft.HashAlgorithm,
                Prefix = draft.Secrets.Count > 0 ? null : draft.Prefix,
                Hint = draft.Secrets is [var secret, ..] ? GetHint(secret) : draft.Hint ?? "",
                Enabled = draft.Enabled,
                CreatedAt = draft.CreatedAt,
                Key = new NewApiKey
                {
                    Name = draft.Name ?? "",
                    Kind = draft.Kind ?? defaults.Kind,
                    Environment = environment,
                    TenantId = draft.TenantId ?? defaults.TenantId,
                    OwnerId = draft.OwnerId,
                    Scopes = MapScopes(draft.Scopes),
                    RateLimits = draft.RateLimits,
                    Networks = networks,
                    Audiences = draft.Audiences,
                    Metadata = draft.Metadata,
                    ExpiresAt = draft.ExpiresAt,
                    NotBefore = draft.NotBefore,
                    ExpiresAfterIdleDays = draft.ExpiresAfterIdleDays,
                },
            },
        };
    }

    /// <summary>Hashes the secrets, which must be readable by a format of the app.</summary>
    private List<string> ReadSecrets(KeyDraft draft, ref string? environment)
    {
        var hashes = new List<string>();
        Span<byte> digest = stackalloc byte[ApiKeyHash.Length];
        foreach (var secret in draft.Secrets)
        {
            if (!formats.TryParse(secret, out var parsed))
            {
                draft.Fail("is a key that no format of the app accepts; describe it in AcceptedFormats, and pass --settings");
                continue;
            }

            if (parsed.Environment is not null && environment is not null && parsed.Environment != environment)
            {
                draft.Fail("has another environment than its key");
            }

            environment = parsed.Environment ?? environment;
            ApiKeyHasher.ComputeDigest(secret, digest);
            hashes.Add(Convert.ToHexStringLower(digest));
        }

        if (draft.Secrets.Count > 0 && draft.Hashes.Count > 0)
        {
            draft.Fail("has a key and a hash; remove one of them");
        }
        else if (draft.Secrets.Count == 0 && draft.Hashes.Count == 0)
        {
            draft.Fail("has neither a key nor a hash");
        }

        return hashes;
    }

    private static List<IPNetwork> ReadNetworks(KeyDraft draft)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in draft.Networks)
        {
            if (KeyValues.TryParseNetwork(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                draft.Fail("networks must be networks such as 203.0.113.0/24, with no bits after the prefix");
            }
        }

        return networks;
    }

    private IReadOnlyList<string>? MapScopes(IReadOnlyList<string>? scopes) => scopes is not { Count: > 0 }
        ? scopes is null ? defaults.Scopes : defaults.Scopes ?? scopes
        : [.. scopes.Select(scope => defaults.ScopeMap.GetValueOrDefault(scope, scope)).Where(scope => scope.Length > 0).Distinct()];

    private IReadOnlyList<ApiKeyHash> GetStoredHashes(string text, string? algorithmName)
    {
        Span<byte> digest = stackalloc byte[ApiKeyHash.Length];
        if (algorithmName is not null)
        {
            return Array.Find(Algorithms, algorithm => algorithm.Name == algorithmName)?.TryReadHash(text, digest) == true
                ? [ApiKeyHash.CreateLegacy(algorithmName, digest)]
                : [];
        }

        return ApiKeyHash.TryParse(text, out var hash) || ApiKeyHash.TryParse("sha256:" + text, out hash)
            ? hash.PepperId is null ? hasher.GetCandidates(hash.Digest) : [hash]
            : [];
    }

    private static string GetHint(string secret) =>
        secret.Length >= MinLengthForHint && secret[^HintLength..].All(char.IsAsciiLetterOrDigit) ? secret[^HintLength..] : "";

    /// <summary>Masks a name, because a key may be in the wrong column.</summary>
    private string Show(string? name)
    {
        var text = SecretText.ToLine(formats.Redact(name is { Length: > MaxShownName } ? name[..MaxShownName] + "…" : name ?? ""));
        return text.Trim();
    }
}
