using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Management;

/// <summary>The only writer of keys: it holds the rules, so that an app's own endpoints, tools and jobs keep them too.</summary>
/// <remarks>What it refuses is a value, not an exception. A key that is not the caller's to see reads like one that never existed.</remarks>
public sealed class ApiKeyManager
{
    private readonly KeyQueries _queries;
    private readonly KeyFactory _factory;
    private readonly KeyUpdater _updater;
    private readonly KeyCommands _commands;
    private readonly KeyImporter _importer;
    private readonly CascadingKeyRevoker _cascadingRevoker;
    private readonly KeyRevoker _revoker;
    private readonly UsageReader _usage;

    internal ApiKeyManager(
        KeyQueries queries, KeyFactory factory, KeyUpdater updater, KeyCommands commands, KeyImporter importer, CascadingKeyRevoker cascadingRevoker, KeyRevoker revoker,
        UsageReader usage)
    {
        _queries = queries;
        _factory = factory;
        _updater = updater;
        _commands = commands;
        _importer = importer;
        _cascadingRevoker = cascadingRevoker;
        _revoker = revoker;
        _usage = usage;
    }

    /// <summary>Makes a key and gives its secret, this once.</summary>
    public async Task<ApiKeyResult<IssuedApiKey>> CreateAsync(ApiKeyCaller caller, NewApiKey request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        if (ChangeRules.FindProblem(caller) is { } hindrance)
        {
            return hindrance;
        }

        var made = _factory.Create(caller, request);
        return made.Succeeded && await _commands.AddAsync(caller, "create", made.Value.Key, cancellationToken) is { } problem ? problem : made;
    }

    /// <summary>Gets a key.</summary>
    public Task<ApiKeyResult<ApiKey>> GetAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        return _queries.GetAsync(caller, id, cancellationToken);
    }

    /// <summary>Lists the keys a caller may see, newest first.</summary>
    public Task<ApiKeyResult<ApiKeyPage>> ListAsync(ApiKeyCaller caller, ApiKeyListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return _queries.ListAsync(caller, request, cancellationToken);
    }

    /// <summary>Lists who did what to the keys a caller may see, newest first; keys that are deleted are told of too.</summary>
    /// <remarks>A caller limited to keys of his own names one of them.</remarks>
    public Task<ApiKeyResult<ApiKeyAuditPage>> ListAuditAsync(
        ApiKeyCaller caller, ApiKeyAuditListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return _queries.ListAuditAsync(caller, request, cancellationToken);
    }

    /// <summary>Tells how a key was used, as of the last flush.</summary>
    public Task<ApiKeyResult<ApiKeyUsageReport>> GetUsageAsync(
        ApiKeyCaller caller, string id, ApiKeyUsageRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        return _usage.ReadAsync(caller, id, request, cancellationToken);
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
    /// <param name="caller">Who asks; what he takes away is always his to take, what he adds he must hold, with all else that the key has.</param>
    /// <param name="id">The key.</param>
    /// <param name="patch">What is to change.</param>
    /// <param name="ifVersion">The version the caller read, or null to change whatever is there.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ApiKeyResult<ApiKey>> UpdateAsync(
        ApiKeyCaller caller, string id, ApiKeyPatch patch, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var read = await ReadForChangeAsync(caller, id, ifVersion, cancellationToken);
        var after = read.Succeeded ? _updater.Apply(caller, read.Value, patch) : read;
        return after.Succeeded
            ? await _commands.UpdateAsync(caller, "update", read.Value!, after.Value, ifVersion is not null, cancellationToken)
            : after;
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
        var issued = read.Succeeded ? _updater.Rotate(caller, read.Value, rotation) : read.Problem;
        if (!issued.Succeeded)
        {
            return issued;
        }

        var written = await _commands.UpdateAsync(caller, "rotate", read.Value!, issued.Value.Key, ifVersion is not null, cancellationToken);
        return written.Succeeded ? new IssuedApiKey(written.Value, issued.Value.Secret) : written.Problem;
    }

    /// <summary>Revokes a key for good and keeps it for the audit; with every key that it created, if asked.</summary>
    /// <remarks>
    /// A key may revoke itself.
    /// A cascade follows the creators of keys across pages, and through keys that are revoked or deleted already, in the tenants that the
    /// caller sees. If there is one key among them that the caller may not change, nothing is revoked. If the store fails on the way, some
    /// keys are revoked already; repeat the call to complete it. A key that is revoked already keeps its time and its reason.
    /// </remarks>
    /// <param name="caller">The caller.</param>
    /// <param name="id">The ID of the key.</param>
    /// <param name="revocation">The reason, and whether the revocation cascades; null for neither.</param>
    /// <param name="cancellationToken">Cancels the call. Keys that were revoked until then stay revoked.</param>
    /// <returns>The key, and how many keys were revoked.</returns>
    public Task<ApiKeyResult<RevokedApiKey>> RevokeAsync(
        ApiKeyCaller caller, string id, ApiKeyRevocation? revocation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        return _cascadingRevoker.RevokeAsync(caller, id, revocation ?? new ApiKeyRevocation(), cancellationToken);
    }

    /// <summary>Deletes a key with its usage; its audit entries stay.</summary>
    /// <returns>The key as it was.</returns>
    public async Task<ApiKeyResult<ApiKey>> DeleteAsync(ApiKeyCaller caller, string id, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        var read = await _queries.GetForChangeAsync(caller, id, cancellationToken);
        return !read.Succeeded ? read
            : ifVersion is { } version && version != read.Value.Version ? Problems.PreconditionFailed
            : await _commands.DeleteAsync(caller, "delete", read.Value, ifVersion is not null, hasExpired: false, cancellationToken);
    }

    /// <summary>Revokes the key of a secret, or the secret alone if a rotation is retiring it.</summary>
    /// <remarks>To hold a secret is reason enough to end it. Callers from outside must not be told whether there was such a key.</remarks>
    /// <returns>Null, or why the store could not be asked.</returns>
    public Task<ApiKeyProblem?> RevokeLeakedAsync(string secret, string? address = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return _revoker.RevokeLeakedAsync(secret, address, cancellationToken);
    }

    /// <summary>Deletes the keys a caller may see whose own time was over before a moment, with their secrets and usage.</summary>
    /// <returns>How many were deleted; those that changed meanwhile stay.</returns>
    public Task<ApiKeyResult<int>> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _revoker.PurgeAsync(caller, expiredBefore, cancellationToken);
    }

    private async Task<ApiKeyResult<ApiKey>> ReadForChangeAsync(ApiKeyCaller caller, string id, long? ifVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        var read = await _queries.GetForChangeAsync(caller, id, cancellationToken);
        return !read.Succeeded ? read
            : ifVersion is { } version && version != read.Value.Version ? Problems.PreconditionFailed
            : read.Value.RevokedAt is not null ? Problems.Conflict("The API key is revoked for good; make a new one")
            : read;
    }
}
