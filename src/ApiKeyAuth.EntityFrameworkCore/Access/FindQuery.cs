using System.Runtime.CompilerServices;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Looks up a key by hash with a query that is compiled once per model: one statement, three index searches, no sorting.</summary>
internal sealed class FindQuery<TContext>
    where TContext : DbContext
{
    /// <summary>The maximum number of hashes in one statement. More are used only while more than three peppers are retired.</summary>
    public const int MaxHashes = 4;

    private static readonly ConditionalWeakTable<IModel, FindQuery<TContext>> QueriesByModel = [];

    private readonly Func<TContext, byte[], string, IAsyncEnumerable<JoinedKeyRow>> _findByOneHash =
        EF.CompileAsyncQuery((TContext context, byte[] digest, string pepperId) =>
            from match in context.Set<SecretRow>().AsNoTracking().IgnoreQueryFilters()
            where match.Digest == digest && match.PepperId == pepperId
            join key in context.Set<KeyRow>() on match.KeyId equals key.Id
            join secret in context.Set<SecretRow>() on key.Id equals secret.KeyId
            select new JoinedKeyRow { Key = key, Secret = secret });

    private readonly Func<TContext, byte[], string, byte[], string, byte[], string, byte[], string, IAsyncEnumerable<JoinedKeyRow>>
        _findByFourHashes =
        EF.CompileAsyncQuery(
            (TContext context, byte[] a, string pepperA, byte[] b, string pepperB, byte[] c, string pepperC, byte[] d, string pepperD) =>
                from match in context.Set<SecretRow>().AsNoTracking().IgnoreQueryFilters()
                where (match.Digest == a && match.PepperId == pepperA) || (match.Digest == b && match.PepperId == pepperB)
                    || (match.Digest == c && match.PepperId == pepperC) || (match.Digest == d && match.PepperId == pepperD)
                join key in context.Set<KeyRow>() on match.KeyId equals key.Id
                join secret in context.Set<SecretRow>() on key.Id equals secret.KeyId
                select new JoinedKeyRow { Key = key, Secret = secret });

    /// <summary>Gets the queries for the model of a context. Contexts of one type may have different models.</summary>
    public static FindQuery<TContext> ForContext(TContext context) =>
        QueriesByModel.GetValue(context.Model, static _ => new FindQuery<TContext>());

    /// <summary>Reads the keys that have a secret with one of at most <see cref="MaxHashes"/> hashes.</summary>
    public IAsyncEnumerable<JoinedKeyRow> Run(TContext context, ReadOnlySpan<ApiKeyHash> hashes) => hashes.Length == 1
        ? _findByOneHash(context, GetDigest(hashes[0]), GetPepperId(hashes[0]))
        : _findByFourHashes(
            context, GetDigest(hashes[0]), GetPepperId(hashes[0]), GetDigest(hashes[1]), GetPepperId(hashes[1]),
            GetDigest(hashes[^2]), GetPepperId(hashes[^2]), GetDigest(hashes[^1]), GetPepperId(hashes[^1]));

    private static byte[] GetDigest(ApiKeyHash hash) => hash.Digest.ToArray();

    private static string GetPepperId(ApiKeyHash hash) => hash.PepperId ?? "";
}
