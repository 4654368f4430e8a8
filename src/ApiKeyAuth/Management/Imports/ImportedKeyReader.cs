using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Creates keys from imported ones by the rules of the app, without storing them.</summary>
internal sealed class ImportedKeyReader(KeyFactory factory, IdleTimeRule idleTime, ApiKeyFormats formats, ApiKeyHasher hasher)
{
    private const int MaxHashes = 10;

    public ApiKeyResult<ApiKey> Read(ApiKeyCaller caller, ImportedApiKey imported)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var hashes = ReadHashes(imported, problems);
        CheckMembers(imported, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var salted = hasher.FindAlgorithm(imported.HashAlgorithm) as SaltedApiKeyHashAlgorithm;
        string[] texts = [imported.Hash, .. imported.AdditionalHashes];

        var drafted = factory.Draft(caller, idleTime.Apply(imported.Key), isImport: true);
        if (!drafted.Succeeded)
        {
            return drafted;
        }

        var draft = drafted.Value;
        var created = imported.CreatedAt ?? draft.CreatedAt;
        return draft with
        {
            Id = imported.Id ?? draft.Id,
            Enabled = imported.Enabled,
            CreatedAt = created,
            Secrets =
            [
                .. hashes.Select((hash, position) => new ApiKeySecret
                {
                    Hash = hash,
                    SaltedHash = salted?.ReadHash(texts[position]),
                    Hint = position == 0 ? imported.Hint : "",
                    CreatedAt = created,
                }),
            ],
        };
    }

    private List<ApiKeyHash> ReadHashes(ImportedApiKey imported, Dictionary<string, string> problems)
    {
        var hashes = new List<ApiKeyHash?> { ReadHash(imported.Hash, imported.HashAlgorithm, "hash", problems) };
        hashes.AddRange(imported.AdditionalHashes.Select(
            text => ReadHash(text, imported.HashAlgorithm, "additionalHashes", problems)));
        if (hashes.Count > MaxHashes)
        {
            problems["additionalHashes"] = $"must contain at most {MaxHashes - 1} hashes";
        }
        else if (hashes.Distinct().Count() < hashes.Count)
        {
            problems.TryAdd("additionalHashes", "must differ from each other and from the hash");
        }

        return [.. hashes.OfType<ApiKeyHash>()];
    }

    private ApiKeyHash? ReadHash(string text, string? algorithmName, string member, Dictionary<string, string> problems)
    {
        if (algorithmName is not null)
        {
            var algorithm = hasher.FindAlgorithm(algorithmName);
            var hash = ApiKeyHasher.ReadLegacyHash(algorithm, text);
            if (algorithm is null)
            {
                problems["hashAlgorithm"] = "is not one of HashAlgorithms, so the key would never be found";
            }
            else if (hash is null)
            {
                problems[member] = $"must be a hash of the algorithm {algorithmName}";
            }

            return hash;
        }

        Span<byte> digest = stackalloc byte[ApiKeyHash.Length];
        if (DigestText.TryRead(text, digest))
        {
            return hasher.Hash(digest);
        }

        if (!ApiKeyHash.TryParse(text, out var stored))
        {
            problems[member] = $"must be the SHA-256 of the whole key as {DigestText.Description}";
            return null;
        }

        // A plain hash is peppered like any other. A peppered one cannot be changed.
        if (stored.PepperId is null)
        {
            return hasher.Hash(stored.Digest);
        }

        if (!hasher.CanFind(stored))
        {
            problems[member] = "was made with a pepper or an algorithm that the app does not have, so the key would never be found";
        }

        return stored;
    }

    private void CheckMembers(ImportedApiKey imported, Dictionary<string, string> problems)
    {
        if (imported.Id is { } id && !KeyValidator.IsValidId(id))
        {
            problems["id"] = "must be 1 to 200 of the characters A-Z a-z 0-9 . _ -";
        }

        if (imported.Hint.Length > 8 || imported.Hint.Any(c => !char.IsAsciiLetterOrDigit(c) && !"+/-_=".Contains(c)))
        {
            problems["hint"] = "must be at most 8 letters, digits or + / - _ =";
        }
        else if (formats.FindStoredKeyProblem(imported.Prefix, imported.Hint) is { } problem)
        {
            problems[imported.Prefix is null ? "hint" : "prefix"] = problem;
        }
    }
}
