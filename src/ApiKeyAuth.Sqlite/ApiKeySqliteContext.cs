using ApiKeyAuth.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.Sqlite;

/// <summary>API keys in a SQLite file.</summary>
public sealed class ApiKeySqliteContext(DbContextOptions<ApiKeySqliteContext> options) : ApiKeyContext(options);
