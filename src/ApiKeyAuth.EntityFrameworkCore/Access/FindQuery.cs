using System.Runtime.CompilerServices;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>The look-up by hash, compiled once for a model: one statement, three searches of an index, no sorting.</summary>
internal sealed class FindQuery<TContext>
    where TContext : DbContext
{
    /// <summary>How many hashes one statement takes; more only while more than three peppers are retired.</summary>
    public const int MaxHashes = 4;

    private static readonly ConditionalWeakTable<IModel, FindQuery<TContext>> QueriesByModel = [];

    private readonly Func<TContext, byte[], string, IAsyncEnumerable<JoinedKeyRow>> _findByOneHash =
        EF.CompileAsyncQuery((TContext context, byte[] digest, string pepperId) =>
            from match in context.Set<SecretRow>().AsNoTracking().IgnoreQueryFilters()
            where match.Digest == digest && match.PepperId == pepperId
            join key in context.Set<KeyRow>() on match.KeyId equals key.Id
            join secret in context.Set<SecretRow>() on key.Id equals secret.KeyId
            select new JoinedKeyRow { Key = key, Secret = secret });

    private readonly Func<TContext, byte[], string, byte[], string, byte[], string, byte[], string, IAsyncEnumerable<JoinedKeyRow>> _findByFourHashes =
        EF.CompileAsyncQuery((TContext context, byte[] a, string ofA, byte[] b, string ofB, byte[] c, string ofC, byte[] d, string ofD) =>
            from match in context.Set<SecretRow>().AsNoTracking().IgnoreQueryFilters()
            where (match.Digest == a && match.PepperId == ofA) || (match.Digest == b && match.PepperId == ofB)
                || (match.Digest == c && match.PepperId == ofC) || (match.Digest == d && match.PepperId == ofD)
            join key in context.Set<KeyRow>() on match.KeyId equals key.Id
            join secret in context.Set<SecretRow>() on key.Id equals secret.KeyId
            select new JoinedKeyRow { Key = key, Secret = secret });

    /// <summary>Gets the queries of a context; a compiled query serves one model only, and one type of context may have several.</summary>
    public static FindQuery<TContext> ForContext(TContext context) => QueriesByModel.GetValue(context.Model, static _ => new FindQuery<TContext>());

    /// <summary>Reads the keys that have a secret with one of at most <see cref="MaxHashes"/> hashes.</summary>
    public IAsyncEnumerable<JoinedKeyRow> Run(TContext context, ReadOnlySpan<ApiKeyHash> hashes) => hashes.Length == 1
        ? _findByOneHash(context, GetDigest(hashes[0]), GetPepperId(hashes[0]))
        : _findByFourHashes(
            context, GetDigest(hashes[0]), GetPepperId(hashes[0]), GetDigest(hashes[1]), GetPepperId(hashes[1]),
            GetDigest(hashes[^2]), GetPepperId(hashes[^2]), GetDigest(hashes[^1]), GetPepperId(hashes[^1]));

    private static byte[] GetDigest(ApiKeyHash hash) => hash.Digest.ToArray();

    private static string GetPepperId(ApiKeyHash hash) => hash.PepperId ?? "";
}
