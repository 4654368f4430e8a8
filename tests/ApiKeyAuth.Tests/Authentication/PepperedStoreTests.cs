using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>A store that keeps digests only, as the one in the page about custom stores does.</summary>
public sealed class PepperedStoreTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Store_OfDigests_LetsKeysIn(bool peppered)
    {
        var store = new TableStore();
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireScope("read"),
            options =>
            {
                if (peppered)
                {
                    options.Peppers.Add(new ApiKeyPepper("new", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
                    options.Peppers.Add(new ApiKeyPepper("old", [.. Enumerable.Range(1, 32).Select(i => (byte)i)], retired: true));
                }
            },
            store: store);
        var secret = app.NewSecret();
        store.Row = app.Services.GetRequiredService<ApiKeyHasher>().Hash(secret).Digest.ToArray();
        using var known = await app.GetAsync("/", secret);
        using var unknown = await app.GetAsync("/", app.NewSecret());
        Assert.That((int)known.StatusCode, Is.EqualTo(200));
        await unknown.AssertRefusedAsync(401, "invalid_api_key");
    }

    private sealed class TableStore : IApiKeyStore
    {
        public byte[] Row { get; set; } = [];

        public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
        {
            var wanted = hashes.Select(hash => hash.Digest.ToArray()).ToList();
            return new(wanted.Exists(digest => digest.SequenceEqual(Row))
                ? new ApiKey
                {
                    Id = "row",
                    Scopes = ScopeSet.Create(["read"]),
                    Secrets = [new() { Hash = hashes.First(hash => hash.Digest.SequenceEqual(Row)) }],
                }
                : null);
        }
    }
}
