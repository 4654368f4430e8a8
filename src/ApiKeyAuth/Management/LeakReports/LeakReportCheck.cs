using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Finds what the endpoint for signed reports lacks, if it is mapped.</summary>
internal sealed class LeakReportCheck(ApiKeyLeakReportOptions options, ApiKeyFormats formats, IServiceProviderIsService services)
{
    private const string Setting = $"ApiKeyAuth:{ApiKeyLeakReportOptionsSetup.SectionName}";

    public IEnumerable<string> FindProblems(IReadOnlyList<Endpoint> endpoints)
    {
        if (endpoints.All(endpoint => endpoint.Metadata.GetMetadata<LeakReportMetadata>() is null))
        {
            yield break;
        }

        if (options.PublicKeys.Count == 0)
        {
            yield return "MapApiKeyLeakReports() requires the public keys that reports are signed with; "
                + $"write them as PEM under {Setting}:PublicKeys, each by its identifier.";
        }

        if (!services.IsService(typeof(IWritableApiKeyStore)))
        {
            yield return "MapApiKeyLeakReports() requires a writable store; call AddInMemoryStore(), or AddStore<T>() with an "
                + "IWritableApiKeyStore.";
        }

        var known = formats.GetEnvironments();
        foreach (var environment in options.Environments.Keys.Except(known, StringComparer.Ordinal))
        {
            yield return $"{Setting}:Environments:{environment} is not an environment of any format; known are {string.Join(", ", known)}.";
        }
    }
}
