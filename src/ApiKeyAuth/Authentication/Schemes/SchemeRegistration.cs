using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>Adds the schemes to the framework's list; it sets no default, which is the choice of the app.</summary>
/// <remarks>It runs after all other registrations, so that it reports a name that is used twice regardless of their order.</remarks>
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
