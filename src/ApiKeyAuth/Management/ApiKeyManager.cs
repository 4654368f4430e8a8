using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>The only writer of keys: it holds the rules, so that an app's own endpoints, tools and jobs keep them too.</summary>
/// <remarks>What it refuses is a value, not an exception. A key that is not the caller's to see reads like one that never existed.</remarks>
public sealed class ApiKeyManager
{
    private readonly IWritableApiKeyStore _store;
    private readonly KeyMaker _maker;
    private readonly GrantRules _grants;
    private readonly KeyRules _rules;
    private readonly KeyWriter _writer;
    private readonly KeyLister _lister;
    private readonly KeyImporter _importer;
    private readonly KeyEnder _ender;
    private readonly ApiKeyManagementOptions _options;
    private readonly TimeProvider _clock;

    internal ApiKeyManager(
        IWritableApiKeyStore store, KeyMaker maker, GrantRules grants, KeyRules rules, KeyWriter writer, KeyLister lister, KeyImporter importer, KeyEnder ender,
        ApiKeyManagementOptions options, TimeProvider clock)
    {
        _store = store;
        _maker = maker;
        _grants = grants;
        _rules = rules;
        _writer = writer;
        _lister = lister;
        _importer = importer;
        _ender = ender;
        _options = options;
        _clock = clock;
    }

    /// <summary>Makes a key and gives its secret, this once.</summary>
    public async Task<ApiKeyResult<IssuedApiKey>> CreateAsync(ApiKeyCaller caller, NewApiKey request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        var made = _maker.Make(caller, request);
        if (!made.Succeeded)
        {
            return made.Problem;
        }

        return await _writer.AddAsync(caller, "create", made.Value.Key, cancellationToken) is { } problem ? problem : made.Value;
    }

    /// <summary>Gets a key.</summary>
    public async Task<ApiKeyResult<ApiKey>> GetAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        if (!KeyRules.IsId(id))
        {
            return Problems.NotFound;
        }

        var found = await _writer.TryAsync(() => _store.GetAsync(id, cancellationToken), cancellationToken);
        return found.Problem is { } problem ? problem : found.Value is { } key && Sees(caller, key) ? key : Problems.NotFound;
    }

    /// <summary>Lists the keys a caller may see, newest first.</summary>
    public Task<ApiKeyResult<ApiKeyPage>> ListAsync(ApiKeyCaller caller, ApiKeyListing listing, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(listing);
        return _lister.ListAsync(caller, listing, cancellationToken);
    }

    /// <summary>Takes over keys issued elsewhere, by the SHA-256 of their secrets; ends in the past are allowed.</summary>
    /// <returns>A result for each, in order: what is wrong with one, a duplicate among them, is reported there, and the rest is kept.</returns>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> ImportAsync(
        ApiKeyCaller caller, IEnumerable<ImportedApiKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(keys);
        return _importer.ImportAsync(caller, keys, cancellationToken);
    }

    /// <summary>Changes a key.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The key.</param>
    /// <param name="patch">What is to change.</param>
    /// <param name="ifVersion">The version the caller read, or null to change whatever is there.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ApiKeyResult<ApiKey>> UpdateAsync(
        ApiKeyCaller caller, string id, ApiKeyPatch patch, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var read = await ReadForChangeAsync(caller, id, ifVersion, cancellationToken);
        if (!read.Succeeded)
        {
            return read;
        }

        var before = read.Value;
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var after = Apply(before, patch, problems);
        _rules.Check(after, problems);
        return problems.Count > 0 ? Problems.Invalid(problems)
            : _grants.FindExcess(caller, before, after) is { } excess ? excess
            : await _writer.UpdateAsync(caller, "update", before, after, ifVersion is not null, cancellationToken);
    }

    /// <summary>Gives a key a new secret under the same id, limits and history; the old one lives for the grace asked.</summary>
    /// <remarks>While a retiring secret lives another rotation is refused, so that of many at once exactly one wins.</remarks>
    /// <param name="caller">Who asks; a key that holds more than he does is not his to rotate.</param>
    /// <param name="id">The key.</param>
    /// <param name="rotation">What becomes of the old secret.</param>
    /// <param name="ifVersion">The version the caller read, or null.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ApiKeyResult<IssuedApiKey>> RotateAsync(
        ApiKeyCaller caller, string id, ApiKeyRotation rotation, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        var read = await ReadForChangeAsync(caller, id, ifVersion, cancellationToken);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var before = read.Value;
        if (FindHindrance(caller, before, rotation) is { } hindrance)
        {
            return hindrance;
        }

        var issued = _maker.Rotate(before, rotation);
        var written = await _writer.UpdateAsync(caller, "rotate", before, issued.Key, ifVersion is not null, cancellationToken);
        return written.Succeeded ? new IssuedApiKey(written.Value, issued.Secret) : written.Problem;
    }

    /// <summary>Ends a key for good and keeps it for the audit; a key that is revoked already stays as it is. A key may always revoke itself.</summary>
    public async Task<ApiKeyResult<ApiKey>> RevokeAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await GetAsync(caller, id, cancellationToken);
            if (!read.Succeeded || read.Value.RevokedAt is not null)
            {
                return read;
            }

            var revoked = await _writer.UpdateAsync(
                caller, "revoke", read.Value, read.Value with { RevokedAt = _clock.GetUtcNow() }, false, cancellationToken);
            if (revoked.Problem?.Status != Microsoft.AspNetCore.Http.StatusCodes.Status409Conflict)
            {
                return revoked;
            }
        }
    }

    /// <summary>Deletes a key with its usage; its audit entries stay.</summary>
    public async Task<ApiKeyResult<ApiKey>> DeleteAsync(ApiKeyCaller caller, string id, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        var read = await GetAsync(caller, id, cancellationToken);
        return !read.Succeeded ? read
            : ifVersion is { } version && version != read.Value.Version ? Problems.Stale
            : await _writer.DeleteAsync(caller, "delete", read.Value, ifVersion is not null, cancellationToken);
    }

    /// <summary>Revokes the key of a secret: to hold a secret is reason enough to end it.</summary>
    /// <remarks>Callers from outside must not be told whether there was such a key.</remarks>
    /// <returns>Null, or why the store could not be asked.</returns>
    public async Task<ApiKeyProblem?> RevokeLeakedAsync(string secret, string? address = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var (key, problem) = await _ender.FindAsync(secret, cancellationToken);
        return key is null ? problem : (await RevokeAsync(ApiKeyCaller.Holder(key, address), key.Id, cancellationToken)).Problem;
    }

    /// <summary>Deletes keys whose own time was over before a moment, and their secrets and usage.</summary>
    /// <returns>How many were deleted; those that changed meanwhile stay.</returns>
    public async Task<int> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return await _ender.PurgeAsync(caller, expiredBefore, cancellationToken);
    }

    private static bool Sees(ApiKeyCaller caller, ApiKey key) =>
        (caller.MayCrossTenants || key.TenantId == caller.TenantId)
        && (!caller.IsLimitedToOwnKeys || (key.Kind == ApiKeyKinds.Personal && key.OwnerId == caller.UserId));

    private async Task<ApiKeyResult<ApiKey>> ReadForChangeAsync(ApiKeyCaller caller, string id, long? ifVersion, CancellationToken cancellationToken)
    {
        var read = await GetAsync(caller, id, cancellationToken);
        return !read.Succeeded ? read
            : read.Value.RevokedAt is not null ? Problems.Conflict("The API key is revoked for good; make a new one")
            : ifVersion is { } version && version != read.Value.Version ? Problems.Stale
            : read;
    }

    private ApiKeyProblem? FindHindrance(ApiKeyCaller caller, ApiKey key, ApiKeyRotation rotation)
    {
        var now = _clock.GetUtcNow();
        if (rotation.Grace < TimeSpan.Zero || rotation.Grace > _options.MaxRotationGrace)
        {
            return Problems.Invalid(new Dictionary<string, string>
            {
                ["graceSeconds"] = $"ranges from 0 to {(long)_options.MaxRotationGrace.TotalSeconds}",
            });
        }

        return key.GetStatus(now) == ApiKeyStatus.Expired ? Problems.Conflict("The API key has expired; give it a later end first")
            : !rotation.DiscardCurrent && key.Secrets.Any(secret => secret.ExpiresAt > now)
                ? Problems.Conflict("A secret of the API key is being retired; wait for its end, or discard the current secret")
            : caller.KeyId == key.Id ? null
            : _grants.FindExcess(caller, key);
    }

    private ApiKey Apply(ApiKey key, ApiKeyPatch patch, Dictionary<string, string> problems) => key with
    {
        Name = patch.Name.Or(key.Name) ?? "",
        Enabled = patch.Enabled.Or(key.Enabled),
        Scopes = patch.Scopes.IsSet ? _rules.ReadScopes(patch.Scopes.Value ?? [], problems) : key.Scopes,
        RateLimits = patch.RateLimits.Or(key.RateLimits) ?? [],
        Networks = patch.Networks.Or(key.Networks) ?? [],
        Audiences = patch.Audiences.Or(key.Audiences) ?? [],
        Metadata = patch.Metadata.Or(key.Metadata) ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty,
        ExpiresAt = patch.ExpiresAt.IsSet ? _rules.CheckExpiry(patch.ExpiresAt.Value, problems) : key.ExpiresAt,
    };
}
