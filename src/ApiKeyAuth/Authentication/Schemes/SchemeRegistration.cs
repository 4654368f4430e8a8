using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Adds the key schemes to the schemes of the framework. It does not set a default scheme, because the app selects it.</summary>
/// <remarks>It runs after all other registrations, so that it reports duplicate names regardless of the order of registration.</remarks>
internal sealed class SchemeRegistration(
    string schemesPath, Func<IReadOnlyList<string>> schemeNames) : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        foreach (var scheme in schemeNames())
        {
            if (options.SchemeMap.ContainsKey(scheme))
            {
                throw new InvalidOperationException(
                    $"{schemesPath}: {scheme} is the name of another authentication scheme of this app; rename one of them.");
            }

            options.AddScheme<ApiKeyHandler>(scheme, displayName: null);
        }
    }
}
