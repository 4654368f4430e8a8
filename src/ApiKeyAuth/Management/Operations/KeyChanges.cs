using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Reads a key that a caller may change, and stores the change.</summary>
internal sealed class KeyChanges(KeyQueries queries, KeyCommands commands)
{
    public async Task<ApiKeyResult<ApiKey>> ApplyAsync(
        ApiKeyCaller caller,
        string action,
        string id,
        Func<ApiKey, ApiKeyResult<ApiKey>> change,
        long? ifVersion,
        CancellationToken cancellationToken)
    {
        var read = await ReadAsync(caller, id, ifVersion, cancellationToken);
        var after = read.Succeeded ? change(read.Value) : read;
        return after.Succeeded
            ? await commands.UpdateAsync(caller, action, read.Value!, after.Value, ifVersion is not null, cancellationToken)
            : after;
    }

    /// <summary>Reads a key that is not revoked and, if a version is passed, has that version.</summary>
    public async Task<ApiKeyResult<ApiKey>> ReadAsync(
        ApiKeyCaller caller, string id, long? ifVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(id);
        var read = await queries.GetForChangeAsync(caller, id, cancellationToken);
        return !read.Succeeded ? read
            : ifVersion is { } version && version != read.Value.Version ? Problems.PreconditionFailed
            : read.Value.RevokedAt is not null ? Problems.Conflict("The API key is permanently revoked; create a new one")
            : read;
    }
}
