using ApiKeyAuth.Authorization;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Imports keys that were issued elsewhere. A problem with one key does not affect the others.</summary>
internal sealed class KeyImporter(
    IWritableApiKeyStore store,
    KeyFactory factory,
    KeyCommands commands,
    IdleTimeRule idleTime,
    ApiKeyFormats formats,
    ApiKeyHasher hasher)
{
    public async Task<IReadOnlyList<ApiKeyResult<ApiKey>>> ImportAsync(
        ApiKeyCaller caller, IEnumerable<ImportedApiKey> keys, CancellationToken cancellationToken)
    {
        var results = new List<ApiKeyResult<ApiKey>>();
        var rejection = ChangeRules.FindProblem(caller);
        foreach (var imported in keys)
        {
            results.Add(rejection is not null ? rejection : await ImportAsync(caller, imported, cancellationToken));
        }

        return results;
    }

    private async Task<ApiKeyResult<ApiKey>> ImportAsync(ApiKeyCaller caller, ImportedApiKey imported, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var hash = ReadHash(imported, problems);
        CheckMembers(imported, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var salted = (hasher.FindAlgorithm(imported.HashAlgorithm) as SaltedApiKeyHashAlgorithm)?.ReadHash(imported.Hash);
        if (salted is not null && await FindPrefixProblemAsync(caller, salted, cancellationToken) is { } rejection)
        {
            return rejection;
        }

        var drafted = factory.Draft(caller, idleTime.Apply(imported.Key), isImport: true);
        if (!drafted.Succeeded)
        {
            return drafted;
        }

        var draft = drafted.Value;
        var created = imported.CreatedAt ?? draft.CreatedAt;
        var key = draft with
        {
            Id = imported.Id ?? draft.Id,
            CreatedAt = created,
            Secrets = [new ApiKeySecret { Hash = hash!, SaltedHash = salted, Hint = imported.Hint, CreatedAt = created }],
        };
        return await commands.AddAsync(caller, "import", key, cancellationToken) is { } problem ? problem : key;
    }

    /// <summary>Returns a problem if the store would not find the key by its prefix.</summary>
    private async Task<ApiKeyError?> FindPrefixProblemAsync(
        ApiKeyCaller caller, ApiKeySaltedHash salted, CancellationToken cancellationToken)
    {
        const int Max = SaltedKeyLoader.MaxCandidates;
        if (store is not IPrefixApiKeyStore prefixes)
        {
            return Problems.Invalid("hashAlgorithm", "has salted hashes, which need a store that implements IPrefixApiKeyStore");
        }

        var (keys, problem) = await commands.TryCallStoreAsync(
            caller, token => prefixes.FindByPrefixAsync([salted.Prefix], Max, token), cancellationToken);
        return problem ?? (keys!.Count < Max ? null
            : Problems.Conflict($"{Max} API keys already have the prefix of this one, and no more are verified; issue a new key"));
    }

    private ApiKeyHash? ReadHash(ImportedApiKey imported, Dictionary<string, string> problems)
    {
        if (imported.HashAlgorithm is { } name)
        {
            var algorithm = hasher.FindAlgorithm(name);
            var hash = ApiKeyHasher.ReadLegacyHash(algorithm, imported.Hash);
            if (algorithm is null)
            {
                problems["hashAlgorithm"] = "is not one of HashAlgorithms, so the key would never be found";
            }
            else if (hash is null)
            {
                problems["hash"] = $"must be a hash of the algorithm {name}";
            }

            return hash;
        }

        Span<byte> digest = stackalloc byte[ApiKeyHash.Length];
        if (DigestText.TryRead(imported.Hash, digest))
        {
            return hasher.Hash(digest);
        }

        problems["hash"] = $"must be the SHA-256 of the whole key as {DigestText.Description}";
        return null;
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
