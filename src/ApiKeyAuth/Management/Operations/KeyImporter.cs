using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Imports keys that were issued elsewhere. A problem with one key does not affect the others.</summary>
internal sealed class KeyImporter(KeyFactory factory, KeyCommands commands, IdleTimeRule idleTime, ApiKeyHasher hasher)
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
        if (FindProblem(imported) is { } fault)
        {
            return fault;
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
            Secrets = [new ApiKeySecret { Hash = hasher.Hash(imported.Sha256.Span), Hint = imported.Hint, CreatedAt = created }],
        };
        return await commands.AddAsync(caller, "import", key, cancellationToken) is { } problem ? problem : key;
    }

    private static ApiKeyError? FindProblem(ImportedApiKey imported)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        if (imported.Sha256.Length != ApiKeyHash.Length)
        {
            problems["sha256"] = "must be 32 bytes long";
        }

        if (imported.Id is { } id && !KeyValidator.IsValidId(id))
        {
            problems["id"] = "must be 1 to 200 of the characters A-Z a-z 0-9 . _ -";
        }

        if (imported.Hint.Length > 8 || imported.Hint.Any(c => !char.IsAsciiLetterOrDigit(c)))
        {
            problems["hint"] = "must be at most 8 letters and digits";
        }

        return problems.Count == 0 ? null : Problems.Invalid(problems);
    }
}
