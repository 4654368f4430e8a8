using System.Collections.Concurrent;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Credentials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Provides the key schemes of the app, and the schemes that a policy uses. A policy with a scope requirement that does not name schemes
/// uses the default scheme and the key schemes.
/// </summary>
internal sealed class KeySchemeProvider(
    IAuthenticationSchemeProvider schemes, IOptions<ForwardingSchemes> forwarding, IOptionsMonitor<PolicySchemeOptions> policySchemes)
{
    private readonly ConcurrentDictionary<string, AuthorizationPolicy> _policies = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _names;
    private bool? _isOnlyScheme;

    /// <summary>Gets a value indicating whether the app has only one scheme, which is a key scheme.</summary>
    public bool IsOnlyScheme =>
        _isOnlyScheme ??= schemes.GetAllSchemesAsync().GetAwaiter().GetResult().ToArray() is [var only] && IsKeyScheme(only);

    /// <summary>Returns the names of the key schemes.</summary>
    public async ValueTask<IReadOnlyList<string>> GetNamesAsync() =>
        _names ??= [.. (await schemes.GetAllSchemesAsync()).Where(IsKeyScheme).Select(scheme => scheme.Name)];

    /// <summary>Determines whether the app has schemes that are not key schemes.</summary>
    public async ValueTask<bool> HasOtherSchemesAsync() => (await schemes.GetAllSchemesAsync()).Any(scheme => !IsKeyScheme(scheme));

    /// <summary>Determines whether the default scheme omits a key scheme.</summary>
    public async ValueTask<bool> DefaultOmitsKeySchemesAsync()
    {
        var names = await GetNamesAsync();
        var known = (await schemes.GetDefaultAuthenticateSchemeAsync())?.Name;
        return names.Any(name => !IsCovered(name, known));
    }

    /// <summary>
    /// Returns a policy for the default scheme and the key schemes that are not covered yet, or null if all of them are.
    /// </summary>
    /// <param name="authenticatedScheme">The scheme that authenticated the caller by default, after forwarding, or null.</param>
    public async ValueTask<AuthorizationPolicy?> GetAdditionalPolicyAsync(string? authenticatedScheme)
    {
        var names = await GetNamesAsync();
        var known = (await schemes.GetDefaultAuthenticateSchemeAsync())?.Name;
        string[] added = [.. names.Where(name => name != authenticatedScheme && !IsCovered(name, known))];
        return added.Length == 0 ? null : _policies.GetOrAdd(
            string.Join(',', added),
            _ => new AuthorizationPolicyBuilder(known is null ? added : [known, .. added]).RequireAuthenticatedUser().Build());
    }

    /// <summary>
    /// Determines whether a scheme can accept keys, because it is a key scheme or because it forwards to a scheme that the request selects.
    /// </summary>
    public async ValueTask<bool> CanAcceptKeysAsync(string name) =>
        await schemes.GetSchemeAsync(name) is { } scheme
        && (IsKeyScheme(scheme) || scheme.HandlerType.IsAssignableTo(typeof(PolicySchemeHandler)));

    /// <summary>Returns the schemes that authenticate callers for a policy.</summary>
    public async ValueTask<RequestedSchemes> GetRequestedSchemesAsync(AuthorizationPolicy policy)
    {
        var names = await GetNamesAsync();
        var isAdded = policy.AuthenticationSchemes.Count == 0 && HasScopeRequirement(policy) && await DefaultOmitsKeySchemesAsync();
        IReadOnlyList<string> requested = policy.AuthenticationSchemes.Count > 0 ? policy.AuthenticationSchemes
            : await schemes.GetDefaultAuthenticateSchemeAsync() is { } known ? [known.Name]
            : [];
        string[] keys = isAdded ? [.. names] : [.. requested.Where(names.Contains)];
        return new RequestedSchemes
        {
            KeySchemeNames = keys,
            OtherSchemeNames = [.. requested.Where(scheme => !names.Contains(scheme))],
            AreKeySchemesAdded = isAdded,
            CanAcceptKeys = keys.Length > 0 || await AnyCanAcceptKeysAsync(requested),
        };
    }

    /// <summary>
    /// Returns the default scheme for challenges or forbidden requests, after forwarding, or null if it is missing or a key scheme.
    /// </summary>
    public async ValueTask<AuthenticationScheme?> GetOtherDefaultSchemeAsync(HttpContext context, bool isChallenge)
    {
        var scheme = isChallenge ? await schemes.GetDefaultChallengeSchemeAsync() : await schemes.GetDefaultForbidSchemeAsync();
        for (var depth = 0; depth < 10 && scheme is not null && scheme.HandlerType.IsAssignableTo(typeof(PolicySchemeHandler)); depth++)
        {
            var options = policySchemes.Get(scheme.Name);
            var target = (isChallenge ? options.ForwardChallenge : options.ForwardForbid)
                ?? options.ForwardDefaultSelector?.Invoke(context)
                ?? options.ForwardDefault;
            scheme = target is null ? null : await schemes.GetSchemeAsync(target);
        }

        return scheme is null || IsKeyScheme(scheme) ? null : scheme;
    }

    /// <summary>Determines whether a scheme redirects to a sign-in page when it is challenged.</summary>
    public static bool UsesSignInPage(AuthenticationScheme scheme)
    {
        for (var type = scheme.HandlerType; type is not null; type = type.BaseType)
        {
            if (type == typeof(CookieAuthenticationHandler)
                || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RemoteAuthenticationHandler<>)))
            {
                return true;
            }
        }

        return false;
    }

    public static bool HasScopeRequirement(AuthorizationPolicy policy) =>
        policy.Requirements.Any(requirement => requirement is ScopeRequirement);

    private bool IsCovered(string keyScheme, string? defaultScheme) =>
        defaultScheme is not null
        && (keyScheme == defaultScheme || keyScheme == forwarding.Value.KeySchemes.GetValueOrDefault(defaultScheme));

    private static bool IsKeyScheme(AuthenticationScheme scheme) => scheme.HandlerType == typeof(ApiKeyHandler);

    private async ValueTask<bool> AnyCanAcceptKeysAsync(IReadOnlyList<string> schemeNames)
    {
        foreach (var scheme in schemeNames)
        {
            if (await CanAcceptKeysAsync(scheme))
            {
                return true;
            }
        }

        return false;
    }
}
