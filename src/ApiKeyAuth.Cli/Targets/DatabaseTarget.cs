using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Manages the keys of a database by <see cref="ApiKeyManager"/>, as the system.</summary>
internal sealed class DatabaseTarget : IKeyTarget
{
    private static readonly ApiKeyCaller Caller = ApiKeyCaller.System;
    private readonly ServiceProvider _services;
    private readonly ToolConsole _console;
    private readonly AsyncServiceScope _scope;

    public DatabaseTarget(ServiceProvider services, string description, ToolConsole console)
    {
        _services = services;
        _console = console;
        _scope = services.CreateAsyncScope();
        Description = description;
    }

    public string Description { get; }

    /// <summary>Gets the services of the app, for commands that need more than one key at a time.</summary>
    public IServiceProvider Services => _scope.ServiceProvider;

    private ApiKeyManager Manager => Services.GetRequiredService<ApiKeyManager>();

    private DateTimeOffset Now => _console.Clock.GetUtcNow();

    public async IAsyncEnumerable<JsonObject> ListAsync(
        KeyListFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var key in Manager.ListAllAsync(Caller, KeyRequests.ToListRequest(filter), cancellationToken))
        {
            yield return KeyRecords.Create(Get(key), Now);
        }
    }

    /// <summary>Lists keys with their hashes, newest first.</summary>
    public async IAsyncEnumerable<JsonObject> ListWithHashesAsync(
        KeyListFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var key in Manager.ListAllAsync(Caller, KeyRequests.ToListRequest(filter), cancellationToken))
        {
            yield return KeyRecords.AddHashes(KeyRecords.Create(Get(key), Now), key.Value!);
        }
    }

    public async Task<JsonObject> GetAsync(string id, CancellationToken cancellationToken) =>
        KeyRecords.Create(Get(await Manager.GetAsync(Caller, id, cancellationToken)), Now);

    public async Task<JsonObject> CreateAsync(JsonObject values, string? tenantId, CancellationToken cancellationToken)
    {
        var issued = Get(await Manager.CreateAsync(Caller, KeyRequests.ToNewKey(values, tenantId), cancellationToken));
        return KeyRecords.Create(issued.Key, Now, issued.Secret);
    }

    public async Task<JsonObject> UpdateAsync(string id, JsonObject patch, CancellationToken cancellationToken)
    {
        var key = Get(await Manager.UpdateAsync(Caller, id, KeyRequests.ToPatch(patch), null, cancellationToken));
        NoteCaches();
        return KeyRecords.Create(key, Now);
    }

    public async Task<JsonObject> RotateAsync(string id, TimeSpan grace, bool discardCurrent, CancellationToken cancellationToken)
    {
        var rotation = new ApiKeyRotation { Grace = grace, DiscardCurrent = discardCurrent };
        var issued = Get(await Manager.RotateAsync(Caller, id, rotation, null, cancellationToken));
        NoteCaches();
        return KeyRecords.Create(issued.Key, Now, issued.Secret);
    }

    public async Task<JsonObject> CompleteRotationAsync(string id, CancellationToken cancellationToken)
    {
        var key = Get(await Manager.CompleteRotationAsync(Caller, id, null, cancellationToken));
        NoteCaches();
        return KeyRecords.Create(key, Now);
    }

    public async Task<JsonObject> CancelRotationAsync(string id, CancellationToken cancellationToken)
    {
        var key = Get(await Manager.CancelRotationAsync(Caller, id, null, cancellationToken));
        NoteCaches();
        return KeyRecords.Create(key, Now);
    }

    public async Task<JsonObject> RevokeAsync(string id, string? reason, bool cascade, CancellationToken cancellationToken)
    {
        var revocation = new ApiKeyRevocation { Reason = reason, Cascade = cascade };
        var revoked = Get(await Manager.RevokeAsync(Caller, id, revocation, cancellationToken));
        NoteCaches();
        var record = KeyRecords.Create(revoked.Key, Now);
        record["revokedCount"] = revoked.RevokedCount;
        return record;
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        Get(await Manager.DeleteAsync(Caller, id, null, cancellationToken));
        NoteCaches();
    }

    public async Task<JsonObject> VerifyAsync(string secret, CancellationToken cancellationToken)
    {
        var key = await FindAsync(secret, cancellationToken);
        var status = key?.GetStatus(Now);
        return status switch
        {
            ApiKeyStatus.Active => new JsonObject
            {
                ["valid"] = true,
                ["id"] = key!.Id,
                ["name"] = key.Name,
                ["environment"] = key.Environment,
                ["tenantId"] = key.TenantId,
                ["ownerId"] = key.OwnerId,
                ["scopes"] = new JsonArray([.. key.Scopes.Select(scope => JsonValue.Create(scope))]),
                ["expiresAt"] = key.ExpiresAt?.ToString(),
            },
            ApiKeyStatus.Expired => new JsonObject { ["valid"] = false, ["code"] = ApiKeyErrorCodes.ExpiredApiKey, ["id"] = key!.Id },
            _ => new JsonObject { ["valid"] = false, ["code"] = ApiKeyErrorCodes.InvalidApiKey, ["id"] = key?.Id },
        };
    }

    public async Task<JsonObject> GetUsageAsync(string id, UsageFilter filter, CancellationToken cancellationToken) =>
        KeyRecords.Create(Get(await Manager.GetUsageAsync(Caller, id, KeyRequests.ToUsageRequest(filter), cancellationToken)));

    public async Task<List<JsonObject>> ListAuditAsync(string? id, int limit, CancellationToken cancellationToken)
    {
        var page = Get(await Manager.ListAuditAsync(
            Caller, new ApiKeyAuditListRequest { KeyId = id, Limit = limit }, cancellationToken));
        return [.. page.Entries.Select(KeyRecords.Create)];
    }

    public Task<JsonObject> WhoAmIAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new JsonObject { ["caller"] = Caller.Actor, ["target"] = Description });

    /// <summary>Finds the key of a secret, of any status. A retiring secret counts until its end.</summary>
    public async Task<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (!Services.GetRequiredService<ApiKeyFormats>().TryParse(secret, out _))
        {
            return null;
        }

        var hashes = Services.GetRequiredService<ApiKeyHasher>().GetCandidates(secret);
        var key = await Services.GetRequiredService<IWritableApiKeyStore>().FindAsync(hashes, cancellationToken);
        var found = key?.Secrets.FirstOrDefault(candidate => hashes.Contains(candidate.Hash));
        return found is null || found.ExpiresAt <= Now ? null : key;
    }

    /// <summary>Reports leaked secrets, so that each key is handled as the app is configured.</summary>
    /// <param name="secrets">The secrets with the kinds of places where they were found.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>How many of them are keys of the app.</returns>
    public async Task<int> ReportLeaksAsync(
        IReadOnlyCollection<KeyValuePair<string, string>> secrets, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var (secret, source) in secrets)
        {
            var reported = await Manager.ReportLeakAsync(secret, new ApiKeyLeakReport { Source = source }, cancellationToken);
            if (reported.Error is { } problem)
            {
                throw TargetProblem.Create(problem.StatusCode, problem.Message);
            }

            count += reported.Value ? 1 : 0;
        }

        NoteCaches();
        return count;
    }

    /// <summary>Finds the record of a key by its secret, or returns null.</summary>
    public async Task<JsonObject?> FindRecordAsync(string secret, CancellationToken cancellationToken) =>
        await FindAsync(secret, cancellationToken) is { } key ? KeyRecords.Create(key, Now) : null;

    /// <summary>Finds the key of each lookup, as far as it is stored, of any status.</summary>
    public async Task<IReadOnlyList<ApiKey?>> FindManyAsync(
        IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken) =>
        await ((IBatchApiKeyStore)Services.GetRequiredService<IWritableApiKeyStore>()).FindManyAsync(lookups, cancellationToken);

    /// <summary>Checks keys by the rules of the app, and stores nothing.</summary>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> CheckImportAsync(
        IReadOnlyList<ImportedApiKey> keys, CancellationToken cancellationToken) =>
        Manager.CheckImportAsync(Caller, keys, cancellationToken);

    /// <summary>Stores keys in transactions of at most 2,000.</summary>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> ImportAsync(
        IReadOnlyList<ImportedApiKey> keys, CancellationToken cancellationToken) =>
        Manager.ImportAsync(Caller, keys, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static T Get<T>(ApiKeyResult<T> result)
        where T : class =>
        result.Value ?? throw TargetProblem.Create(result.Error!.StatusCode, result.Error.Message);

    private void NoteCaches()
    {
        if (!Services.GetRequiredService<IApiKeyInvalidator>().HasBackplane)
        {
            _console.Note("Apps that run use the change within the lifetime of their cache, 60 seconds by default.");
        }
    }
}
