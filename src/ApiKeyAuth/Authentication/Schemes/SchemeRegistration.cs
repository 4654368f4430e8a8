using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Adds the schemes to the framework's list; it never names a default, which is the host's to choose.</summary>
/// <remarks>After all others have added theirs, so that a name taken twice is told by this class whatever the order of the calls.</remarks>
internal sealed class SchemeRegistration(Func<string> schemesPath, Func<IReadOnlyList<string>> schemeNames) : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        foreach (var scheme in schemeNames())
        {
            if (options.SchemeMap.ContainsKey(scheme))
            {
                throw new InvalidOperationException($"{schemesPath()}: {scheme} is the name of another authentication scheme of this app; rename one of them.");
            }

            options.AddScheme<ApiKeyHandler>(scheme, displayName: null);
        }
    }
}
