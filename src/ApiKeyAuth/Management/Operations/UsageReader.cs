using ApiKeyAuth.Authorization;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Reads the usage of a key for callers who may see the key.</summary>
internal sealed class UsageReader(
    IWritableApiKeyStore store, KeyQueries queries, KeyCommands commands, UsageReportFactory reports, TimeProvider clock)
{
    public async Task<ApiKeyResult<ApiKeyUsageReport>> ReadAsync(
        ApiKeyCaller caller, string id, ApiKeyUsageRequest request, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(request.ParseErrors, StringComparer.Ordinal);
        var (from, to) = UsageReportRange.Resolve(request, clock.GetUtcNow(), problems);
        UnusedDaysRule.Validate(request.UnusedDays, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var read = await queries.GetAsync(caller, id, cancellationToken);
        if (!read.Succeeded)
        {
            return read.Error;
        }

        if (store is not IApiKeyUsageStore usage)
        {
            return Problems.UsageNotSupported;
        }

        var filter = new ApiKeyUsageFilter { KeyId = id, From = from, To = to };
        var (history, problem) = await commands.TryCallStoreAsync(caller, token => usage.GetUsageAsync(filter, token), cancellationToken);
        return problem is null ? reports.Create(read.Value, request, filter, history!) : problem;
    }
}
