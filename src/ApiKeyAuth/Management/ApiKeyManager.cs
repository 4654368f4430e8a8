using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Imports;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Management;

/// <summary>
/// Provides methods to manage keys. It is the only writer, so its rules also apply to an app's own endpoints, tools and jobs.
/// </summary>
/// <remarks>
/// A rejected call returns an <see cref="ApiKeyResult{T}"/> with a problem; it does not throw. A key that the caller may not see is
/// reported as not found.
/// </remarks>
public sealed class ApiKeyManager
{
    private readonly KeyQueries _queries;
    private readonly KeyFactory _factory;
    private readonly KeyUpdater _updater;
    private readonly IdleTimeRule _idleTime;
    private readonly KeyCommands _commands;
    private readonly KeyChanges _changes;
    private readonly KeyImporter _importer;
    private readonly CascadingKeyRevoker _cascadingRevoker;
    private readonly KeyRevoker _revoker;
    private readonly LeakReporter _leakReporter;
    private readonly UsageReader _usage;

    internal ApiKeyManager(
        KeyQueries queries,
        KeyFactory factory,
        KeyUpdater updater,
        IdleTimeRule idleTime,
        KeyCommands commands,
        KeyChanges changes,
        KeyImporter importer,
        CascadingKeyRevoker cascadingRevoker,
        KeyRevoker revoker,
        LeakReporter leakReporter,
        UsageReader usage)
    {
        _queries = queries;
        _factory = factory;
        _updater = updater;
        _idleTime = idleTime;
        _commands = commands;
        _changes = changes;
        _importer = importer;
        _cascadingRevoker = cascadingRevoker;
        _revoker = revoker;
        _leakReporter = leakReporter;
        _usage = usage;
    }

    /// <summary>Creates a key. Its secret is returned once and cannot be retrieved later.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="request">The values of the key.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The key and its secret, or a problem.</returns>
    public async Task<ApiKeyResult<IssuedApiKey>> CreateAsync(
        ApiKeyCaller caller, NewApiKey request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        if (ChangeRules.FindProblem(caller) is { } rejection)
        {
            return rejection;
        }

        var issued = _factory.Create(caller, _idleTime.Apply(request));
        return issued.Succeeded && await _commands.AddAsync(caller, "create", issued.Value.Key, cancellationToken) is { } problem
            ? problem
            : issued;
    }

    /// <summary>Gets a key.</summary>
    public Task<ApiKeyResult<ApiKey>> GetAsync(ApiKeyCaller caller, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        return _queries.GetAsync(caller, id, cancellationToken);
    }

    /// <summary>Lists a page of the keys that a caller may see, newest first.</summary>
    public Task<ApiKeyResult<ApiKeyPage>> ListAsync(
        ApiKeyCaller caller, ApiKeyListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return _queries.ListAsync(caller, request, cancellationToken);
    }

    /// <summary>Lists all keys that a caller may see, newest first. Each page is read when the enumeration reaches it.</summary>
    /// <remarks>
    /// A key is returned at most once and as it was when its page was read. Keys that are created during the enumeration are not returned.
    /// The timeout of the store applies to each page. Complete the enumeration before the scope of the manager is disposed.
    /// </remarks>
    /// <param name="caller">The caller.</param>
    /// <param name="request">
    /// The filter, or null for all keys. Its <see cref="ApiKeyListRequest.Limit"/> is the number of keys to read at a time, its
    /// <see cref="ApiKeyListRequest.Cursor"/> is where the enumeration starts, and its <see cref="ApiKeyListRequest.IncludeTotal"/> is
    /// ignored.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the enumeration, which then throws.</param>
    /// <returns>
    /// The keys. If the request is rejected or the store fails, on any page, the last item is the problem, so a listing that fails is
    /// never empty, and one without a problem is complete.
    /// </returns>
    /// <exception cref="OperationCanceledException">The enumeration was canceled.</exception>
    public IAsyncEnumerable<ApiKeyResult<ApiKey>> ListAllAsync(
        ApiKeyCaller caller, ApiKeyListRequest? request = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _queries.ListAllAsync(caller, request ?? new ApiKeyListRequest(), cancellationToken);
    }

    /// <summary>Lists a page of the audit entries of the keys that a caller may see, newest first, including deleted keys.</summary>
    /// <remarks>A caller that is limited to its own keys must set <see cref="ApiKeyAuditListRequest.KeyId"/>.</remarks>
    public Task<ApiKeyResult<ApiKeyAuditPage>> ListAuditAsync(
        ApiKeyCaller caller, ApiKeyAuditListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return _queries.ListAuditAsync(caller, request, cancellationToken);
    }

    /// <summary>Gets the usage of a key, as of the last flush.</summary>
    public Task<ApiKeyResult<ApiKeyUsageReport>> GetUsageAsync(
        ApiKeyCaller caller, string id, ApiKeyUsageRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        return _usage.ReadAsync(caller, id, request, cancellationToken);
    }

    /// <summary>Imports keys that were issued elsewhere, by the SHA-256 of their secrets. Expired keys are allowed.</summary>
    /// <remarks>If it is canceled, each stored key is complete, and the rest can be imported later.</remarks>
    /// <returns>One result per key, in the same order. A problem with one key, such as a duplicate, does not affect the others.</returns>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> ImportAsync(
        ApiKeyCaller caller, IEnumerable<ImportedApiKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(keys);
        return _importer.ImportAsync(caller, keys, cancellationToken);
    }

    /// <summary>Checks keys as <see cref="ImportAsync"/> does, and stores nothing.</summary>
    /// <remarks>A key that has the ID or the secret of an earlier one in the list is a problem. Quotas are not checked.</remarks>
    /// <returns>One result per key, in the same order: the key as it would be stored, or a problem.</returns>
    public Task<IReadOnlyList<ApiKeyResult<ApiKey>>> CheckImportAsync(
        ApiKeyCaller caller, IEnumerable<ImportedApiKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(keys);
        return _importer.CheckAsync(caller, keys, cancellationToken);
    }

    /// <summary>Changes a key.</summary>
    /// <param name="caller">The caller, which may always remove rights. To add rights, it must have all rights of the result.</param>
    /// <param name="id">The ID of the key.</param>
    /// <param name="patch">The values to change.</param>
    /// <param name="ifVersion">The version that the caller read, or null to change any version.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public Task<ApiKeyResult<ApiKey>> UpdateAsync(
        ApiKeyCaller caller, string id, ApiKeyPatch patch, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _changes.ApplyAsync(
            caller, "update", id, key => _updater.Apply(caller, key, _idleTime.Apply(patch)), ifVersion, cancellationToken);
    }

    /// <summary>Issues a new secret for a key. The old one stays valid for the requested grace period.</summary>
    /// <remarks>While a key has a retiring secret, another rotation is rejected, so exactly one of several at once succeeds.</remarks>
    /// <param name="caller">The caller, which must have all rights of the key.</param>
    /// <param name="id">The ID of the key.</param>
    /// <param name="rotation">The treatment of the old secret.</param>
    /// <param name="ifVersion">The version that the caller read, or null to rotate any version.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public async Task<ApiKeyResult<IssuedApiKey>> RotateAsync(
        ApiKeyCaller caller, string id, ApiKeyRotation rotation, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        var read = await _changes.ReadAsync(caller, id, ifVersion, cancellationToken);
        var issued = read.Succeeded ? _updater.Rotate(caller, read.Value, rotation) : read.Error;
        if (!issued.Succeeded)
        {
            return issued;
        }

        var written = await _commands.UpdateAsync(
            caller, "rotate", read.Value!, issued.Value.Key, ifVersion is not null, cancellationToken);
        return written.Succeeded ? new IssuedApiKey(written.Value, issued.Value.Secret) : written.Error;
    }

    /// <summary>Ends the retiring secret of a key now, so that only the secret of the last rotation is valid.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="id">The ID of the key.</param>
    /// <param name="ifVersion">The version that the caller read, or null to change any version.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The key, or a problem: a conflict if no secret is retiring.</returns>
    public Task<ApiKeyResult<ApiKey>> CompleteRotationAsync(
        ApiKeyCaller caller, string id, long? ifVersion = null, CancellationToken cancellationToken = default) =>
        _changes.ApplyAsync(caller, "complete-rotation", id, _updater.CompleteRotation, ifVersion, cancellationToken);

    /// <summary>Discards the secret of the last rotation, and keeps the retiring secret for as long as the key is valid.</summary>
    /// <param name="caller">The caller, which must have all rights of the key, as for a rotation.</param>
    /// <param name="id">The ID of the key.</param>
    /// <param name="ifVersion">The version that the caller read, or null to change any version.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The key, or a problem: a conflict if no secret is retiring or it leaked.</returns>
    public Task<ApiKeyResult<ApiKey>> CancelRotationAsync(
        ApiKeyCaller caller, string id, long? ifVersion = null, CancellationToken cancellationToken = default) =>
        _changes.ApplyAsync(caller, "cancel-rotation", id, key => _updater.CancelRotation(caller, key), ifVersion, cancellationToken);

    /// <summary>Revokes a key permanently and keeps it for the audit. If requested, all keys that it created are revoked too.</summary>
    /// <remarks>
    /// A key may revoke itself. A cascade includes all descendants of the key in the tenants that the caller sees, also those of revoked or
    /// deleted keys. If the caller may not change one of them, nothing is revoked. If the store fails during the cascade, some keys are
    /// already revoked; repeat the call to complete it. A key that is already revoked keeps its time and its reason.
    /// </remarks>
    /// <param name="caller">The caller.</param>
    /// <param name="id">The ID of the key.</param>
    /// <param name="revocation">The reason, and whether the revocation cascades; null for no reason and no cascade.</param>
    /// <param name="cancellationToken">The token that cancels the operation. Keys that are already revoked stay revoked.</param>
    /// <returns>The key and the number of revoked keys, or a problem.</returns>
    public Task<ApiKeyResult<RevokedApiKey>> RevokeAsync(
        ApiKeyCaller caller, string id, ApiKeyRevocation? revocation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        return _cascadingRevoker.RevokeAsync(caller, id, revocation ?? new ApiKeyRevocation(), cancellationToken);
    }

    /// <summary>Deletes a key and its usage. Its audit entries remain.</summary>
    /// <returns>The key as it was before the deletion, or a problem.</returns>
    public async Task<ApiKeyResult<ApiKey>> DeleteAsync(
        ApiKeyCaller caller, string id, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        var read = await _queries.GetForChangeAsync(caller, id, cancellationToken);
        return !read.Succeeded ? read
            : ifVersion is { } version && version != read.Value.Version ? Problems.PreconditionFailed
            : await _commands.DeleteAsync(caller, "delete", read.Value, ifVersion is not null, hasExpired: false, cancellationToken);
    }

    /// <summary>Revokes the key of a secret, or only the secret if it is retiring.</summary>
    /// <remarks>Knowing the secret is sufficient. Do not reveal to external callers whether the key exists.</remarks>
    /// <param name="secret">The secret.</param>
    /// <param name="address">The IP address of the caller, for the audit, or null.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>Null, also if the key does not exist, or a problem if the store could not be reached.</returns>
    public Task<ApiKeyError?> RevokeLeakedAsync(string secret, string? address = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return _revoker.RevokeLeakedAsync(secret, address, cancellationToken);
    }

    /// <summary>
    /// Handles a trusted report that a secret leaked: raises an alert, and rotates or revokes the key as configured for its environment.
    /// </summary>
    /// <remarks>The new secret of a rotated key is not returned; its owner rotates the key again and discards that secret.</remarks>
    /// <param name="secret">The secret.</param>
    /// <param name="report">Where the secret was found. The audit names the source and the host.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>Whether the secret is one of a key, or a problem if the store could not be reached.</returns>
    public Task<ApiKeyResult<bool>> ReportLeakAsync(string secret, ApiKeyLeakReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(report);
        return _leakReporter.ReportAsync(secret, report, cancellationToken);
    }

    /// <summary>Deletes the keys that a caller may see and that expired before a time, with their secrets and usage.</summary>
    /// <remarks>Keys that expired because they were not used are kept.</remarks>
    /// <returns>The number of deleted keys, or a problem. Keys that are changed at the same time are not deleted.</returns>
    public Task<ApiKeyResult<int>> PurgeAsync(
        ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _revoker.PurgeAsync(caller, expiredBefore, cancellationToken);
    }
}
