using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Defines where keys are managed: a database, or the management API of a host. Keys are records as in the API.</summary>
internal interface IKeyTarget : IAsyncDisposable
{
    /// <summary>Gets a description without a secret, such as the name of the database.</summary>
    string Description { get; }

    /// <summary>Lists keys, newest first.</summary>
    IAsyncEnumerable<JsonObject> ListAsync(KeyListFilter filter, CancellationToken cancellationToken);

    Task<JsonObject> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Creates a key.</summary>
    /// <param name="values">The values, named as in the API.</param>
    /// <param name="tenantId">The tenant, which only a database takes.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The key with its secret in the member <c>key</c>.</returns>
    Task<JsonObject> CreateAsync(JsonObject values, string? tenantId, CancellationToken cancellationToken);

    /// <summary>Changes the values that are present; null clears a value.</summary>
    Task<JsonObject> UpdateAsync(string id, JsonObject patch, CancellationToken cancellationToken);

    /// <summary>Issues a new secret, which the member <c>key</c> of the result holds.</summary>
    Task<JsonObject> RotateAsync(string id, TimeSpan grace, bool discardCurrent, CancellationToken cancellationToken);

    /// <summary>Ends the retiring secret of a key.</summary>
    Task<JsonObject> CompleteRotationAsync(string id, CancellationToken cancellationToken);

    /// <summary>Drops the secret of the last rotation, and keeps the retiring one.</summary>
    Task<JsonObject> CancelRotationAsync(string id, CancellationToken cancellationToken);

    Task<JsonObject> RevokeAsync(string id, string? reason, bool cascade, CancellationToken cancellationToken);

    Task DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Verifies a secret. The result has the members <c>valid</c> and, if it is not, <c>code</c>.</summary>
    Task<JsonObject> VerifyAsync(string secret, CancellationToken cancellationToken);

    Task<JsonObject> GetUsageAsync(string id, UsageFilter filter, CancellationToken cancellationToken);

    /// <summary>Lists audit entries, newest first.</summary>
    Task<List<JsonObject>> ListAuditAsync(string? id, int limit, CancellationToken cancellationToken);

    /// <summary>Describes the caller.</summary>
    Task<JsonObject> WhoAmIAsync(CancellationToken cancellationToken);
}
