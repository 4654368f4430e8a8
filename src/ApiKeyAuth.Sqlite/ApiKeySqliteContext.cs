using ApiKeyAuth.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.Sqlite;

/// <summary>Provides the context of API keys in a SQLite file.</summary>
/// <param name="options">The options.</param>
public sealed class ApiKeySqliteContext(DbContextOptions<ApiKeySqliteContext> options) : ApiKeyContext(options);
