using ApiKeyAuth.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.PostgreSql;

/// <summary>API keys in PostgreSQL.</summary>
public sealed class ApiKeyPostgreSqlContext(DbContextOptions<ApiKeyPostgreSqlContext> options) : ApiKeyContext(options);
