using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Adds the policy that keeps requests with a credential out of the output cache, if the app uses one.</summary>
internal sealed class OutputCacheSetup(Func<IReadOnlyList<string>> schemeNames, IOptionsMonitor<ApiKeySchemeOptions> schemes)
    : IConfigureOptions<OutputCacheOptions>
{
    /// <inheritdoc/>
    public void Configure(OutputCacheOptions options) => options.AddBasePolicy(new OutputCacheBypass(schemeNames, schemes));
}
