using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Imports the keys of one request. A key that an earlier request imported is not a fault, so that it can be repeated.</summary>
internal sealed class KeyPageImporter(
    KeyImporter importer, ImportedKeyReader reader, KeyCommands commands, IWritableApiKeyStore store)
{
    private const string Exists = "exists";
    private static readonly ApiKeyError OwnKeysOnly = Problems.Forbidden("The caller may only manage its own API keys, and import none");

    public async Task<ApiKeyResult<ApiKeyImportResultDocument>> ImportAsync(
        ApiKeyCaller caller, IReadOnlyList<ImportedApiKey> keys, bool isDryRun, CancellationToken cancellationToken)
    {
        if ((ChangeRules.FindProblem(caller) ?? (caller.OnlyOwnerId is not null ? OwnKeysOnly : null)) is { } rejection)
        {
            return rejection;
        }

        var items = new ApiKeyImportResultDocument.ItemDocument[keys.Count];
        var faults = new ApiKeyError?[keys.Count];
        foreach (var (index, result) in (await importer.CheckAsync(caller, keys, cancellationToken)).Index())
        {
            var (existing, problem) = result.Error is { StatusCode: StatusCodes.Status409Conflict }
                ? await FindSameAsync(caller, keys[index], cancellationToken)
                : (null, null);
            faults[index] = problem ?? (existing is null ? result.Error : null);
            items[index] = existing is null ? new(null, "valid") : new(existing.Id, Exists);
        }

        if (!isDryRun && Array.TrueForAll(faults, fault => fault is null))
        {
            int[] pending = [.. items.Index().Where(item => item.Item.Outcome != Exists).Select(item => item.Index)];
            var results = await importer.ImportAsync(caller, pending.Select(index => keys[index]), cancellationToken);
            foreach (var (index, result) in pending.Zip(results))
            {
                faults[index] = result.Error;
                items[index] = new(result.Value?.Id, "imported");
            }
        }

        return FindProblem(faults) is { } fault ? fault : new ApiKeyImportResultDocument(items);
    }

    /// <summary>Finds the stored key with the secret, name, owner and tenant of an imported one.</summary>
    private async Task<(ApiKey? Key, ApiKeyError? Error)> FindSameAsync(
        ApiKeyCaller caller, ImportedApiKey imported, CancellationToken cancellationToken)
    {
        if (reader.Read(caller, imported).Value is not { } draft)
        {
            return default;
        }

        var (found, problem) = await commands.TryCallStoreAsync(
            caller, token => store.FindAsync([draft.Secrets[0].Hash], token), cancellationToken);
        var isSame = found is not null
            && (found.TenantId, found.OwnerId, found.Name) == (draft.TenantId, draft.OwnerId, draft.Name)
            && draft.Secrets.All(secret => found.Secrets.Any(stored => stored.Hash.Equals(secret.Hash)));
        return (isSame ? found : null, problem);
    }

    /// <summary>Combines the faults of the keys in one error whose fields name the keys, such as <c>keys[3].name</c>.</summary>
    private static ApiKeyError? FindProblem(ApiKeyError?[] faults)
    {
        var found = faults.OfType<ApiKeyError>().ToList();
        if (found.Find(fault => fault.StatusCode >= StatusCodes.Status500InternalServerError) is { } failed)
        {
            return failed;
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, fault) in faults.Index().Where(fault => fault.Item is not null))
        {
            foreach (var (name, message) in fault!.Fields)
            {
                fields[$"keys[{index}].{name}"] = message;
            }

            if (fault.Fields.Count == 0)
            {
                fields[$"keys[{index}]"] = fault.Message;
            }
        }

        return found.MinBy(fault => fault.StatusCode) is not { } first ? null : new ApiKeyError
        {
            StatusCode = first.StatusCode,
            Code = first.Code,
            Message = $"{found.Count} of {faults.Length} API keys are faulty, so that none was imported",
            MissingScopes = [.. found.SelectMany(fault => fault.MissingScopes).Distinct(StringComparer.Ordinal)],
            Fields = fields,
        };
    }
}
