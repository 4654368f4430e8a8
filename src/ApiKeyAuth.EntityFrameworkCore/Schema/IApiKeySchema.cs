namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>What a database must have: the tables of one context, or what a package of another database adds to them.</summary>
public interface IApiKeySchema
{
    /// <summary>Applies what the database lacks; several processes at once take turns.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Fails where something is missing or older, and names the call that mends it; a database that is away is no failure.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
