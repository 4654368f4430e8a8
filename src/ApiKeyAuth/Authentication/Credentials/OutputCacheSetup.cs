using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Adds the policy that bypasses the output cache for requests with a credential, if the app uses the cache.</summary>
internal sealed class OutputCacheSetup(Func<IReadOnlyList<string>> schemeNames, IOptionsMonitor<ApiKeySchemeOptions> schemes)
    : IConfigureOptions<OutputCacheOptions>
{
    /// <inheritdoc/>
    public void Configure(OutputCacheOptions options) => options.AddBasePolicy(new OutputCacheBypass(schemeNames, schemes));
}
