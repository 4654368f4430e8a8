using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication;

/// <summary>Adds the schemes to the framework's list; it never names a default, which is the host's to choose.</summary>
internal sealed class SchemeRegistration(Func<IReadOnlyList<string>> names) : IConfigureOptions<AuthenticationOptions>
{
    public void Configure(AuthenticationOptions options)
    {
        foreach (var name in names())
        {
            if (options.SchemeMap.ContainsKey(name))
            {
                throw new InvalidOperationException($"Schemes: {name} is the name of another authentication scheme of this app; rename one of them.");
            }

            options.AddScheme<ApiKeyHandler>(name, displayName: null);
        }
    }
}
