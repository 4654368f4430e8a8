using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Readme;

/// <summary>The store that the page about custom stores shows, over a table with one secret in each row and IDs of its own.</summary>
internal sealed class TableStoreTests : ApiKeyLookupConformance
{
    private SqliteFile _file = null!;
    private MyDbContext _context = null!;
    private long _lastId;

    protected override bool KeepsSeveralSecrets => false;

    protected override bool KeepsPepperIds => false;

    [SetUp]
    public async Task CreateAsync()
    {
        _file = new SqliteFile();
        _context = new MyDbContext(new DbContextOptionsBuilder<MyDbContext>().UseSqlite(_file.ConnectionString).Options);
        await _context.Database.EnsureCreatedAsync();
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _context.DisposeAsync();
        _file.Dispose();
    }

    protected override string NewKeyId() => $"{++_lastId}";

    protected override async ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys)
    {
        foreach (var key in keys)
        {
            _context.Add(new KeyRow
            {
                Id = long.Parse(key.Id, null),
                Sha256 = key.Secrets[0].Hash.Digest.ToArray(),
                Scopes = key.Scopes.ToString(),
                Enabled = key.Enabled,
                RevokedAt = key.RevokedAt,
                ExpiresAt = key.ExpiresAt?.Instant,
            });
        }

        await _context.SaveChangesAsync();
        return new TableStore(_context);
    }
}
