using ApiKeyAuth.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.PostgreSql;

/// <summary>Provides the context of API keys in PostgreSQL.</summary>
/// <param name="options">The options.</param>
public sealed class ApiKeyPostgreSqlContext(DbContextOptions<ApiKeyPostgreSqlContext> options) : ApiKeyContext(options);
