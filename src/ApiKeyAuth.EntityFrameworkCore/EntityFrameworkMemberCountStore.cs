using ApiKeyAuth.Backplane;
using ApiKeyAuth.EntityFrameworkCore.Access;
using ApiKeyAuth.EntityFrameworkCore.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.EntityFrameworkCore;

/// <summary>Provides the store of the last known number of nodes in the database of the keys.</summary>
internal sealed class EntityFrameworkMemberCountStore<TContext>(IServiceScopeFactory scopes) : IApiKeyMemberCountStore
    where TContext : DbContext
{
    public async ValueTask<int?> GetMemberCountAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var contexts = GetContextFactory(scope);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await context.Rows<MemberCountRow>().Where(row => row.Id == MemberCountRow.SingleId)
            .Select(row => (int?)row.Count).SingleOrDefaultAsync(cancellationToken);
    }

    public async ValueTask SetMemberCountAsync(int count, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await new WriteTransaction<TContext>(GetContextFactory(scope)).RunAsync(
            async (context, token) =>
            {
                var isUpdated = await context.Rows<MemberCountRow>().Where(row => row.Id == MemberCountRow.SingleId)
                    .ExecuteUpdateAsync(row => row.SetProperty(old => old.Count, count), token) > 0;
                if (!isUpdated)
                {
                    // If two nodes add it at the same time, the second violates the primary key and is retried.
                    context.Add(new MemberCountRow { Count = count });
                    await context.SaveChangesAsync(token);
                }

                return true;
            },
            commitOn: true,
            auditId: null,
            cancellationToken);
    }

    // The app may have registered its factory as scoped.
    private static IDbContextFactory<TContext> GetContextFactory(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredService<IDbContextFactory<TContext>>();
}
