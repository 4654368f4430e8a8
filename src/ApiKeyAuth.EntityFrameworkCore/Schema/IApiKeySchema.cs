namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>The tables of one context.</summary>
internal interface IApiKeySchema
{
    /// <summary>Applies the migrations that the database lacks; several processes at once take turns.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Fails where the tables are not as the context has them.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
