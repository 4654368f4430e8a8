namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Defines what a database must have: the tables of one context, or what a package adds to them.</summary>
public interface IApiKeySchema
{
    /// <summary>Creates what the database lacks. Concurrent processes take turns.</summary>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Checks that nothing is missing or outdated. It does not fail if the database is unavailable.</summary>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <exception cref="InvalidOperationException">Something is missing or outdated. The message names the call that fixes it.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
