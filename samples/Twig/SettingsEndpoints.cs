using System.Security.Claims;
using ApiKeyAuth;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using OpenIddict.Abstractions;
using Twig.OAuth;

namespace Twig;

/// <summary>Maps the settings of a user who is signed in, where users manage their personal keys.</summary>
internal static class SettingsEndpoints
{
    public const string Path = "/settings";

    // A key header does not open the pages: only the cookie of the sign-in page does.
    public static readonly AuthorizationPolicy SignedIn =
        new AuthorizationPolicyBuilder(CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build();

    /// <summary>Lets users give their keys the permissions that they have at that time.</summary>
    public static void AddSettings(this IServiceCollection services) =>
        services.AddOptions<ApiKeyAuthOptions>().Configure<Accounts>((options, accounts) =>
            options.Management.MayGrant = (user, scope) =>
                accounts.Find(user.FindFirstValue(OpenIddictConstants.Claims.Subject)) is { } account
                && account.Permissions.Contains(scope));

    public static void MapSettings(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, Pages.Settings).RequireAuthorization(SignedIn);
        app.MapApiKeyDashboard($"{Path}/api-keys", options =>
        {
            options.SelfService = true;
            options.ReturnPath = Path;
            options.TestRequestPath = "/api/agents";
        }).RequireAuthorization(SignedIn);
    }
}
