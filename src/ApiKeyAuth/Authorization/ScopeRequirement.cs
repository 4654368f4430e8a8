using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Authorization;

/// <summary>Represents the requirement that one identity of the caller holds all, or any, of some scopes.</summary>
public sealed class ScopeRequirement : IAuthorizationRequirement
{
    private readonly IReadOnlyList<string>[] _singleScopes;

    /// <summary>Initializes a requirement.</summary>
    /// <param name="scopes">The scopes, such as <c>agents:read</c>.</param>
    /// <param name="any">Whether one of the scopes is sufficient. The default is false.</param>
    /// <exception cref="ArgumentException">The list of scopes is empty, or one of the scopes is not valid.</exception>
    public ScopeRequirement(IReadOnlyList<string> scopes, bool any = false)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        Scopes = Validate(scopes);
        Any = any;
        _singleScopes = [.. Scopes.Select(scope => new[] { scope })];
    }

    private ScopeRequirement()
    {
        Scopes = [];
        _singleScopes = [];
    }

    /// <summary>Gets the requirement of an API key with any scopes, or none.</summary>
    internal static ScopeRequirement AnyKey { get; } = new();

    /// <summary>Gets the required scopes. They are compared ordinally, and wildcards are literal.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Gets a value indicating whether one of the scopes is sufficient.</summary>
    public bool Any { get; }

    /// <inheritdoc/>
    public override string ToString() => IsAnyKey
        ? "Requires an API key"
        : $"Requires {(Any && Scopes.Count > 1 ? "any" : "all")} of the scopes {string.Join(' ', Scopes)}";

    /// <summary>Gets a value indicating whether the requirement is <see cref="AnyKey"/>, which no token meets.</summary>
    internal bool IsAnyKey => Scopes.Count == 0;

    internal bool IsMetBy(ScopeSet held) => Any ? held.ContainsAny(Scopes) : held.ContainsAll(Scopes);

    internal bool IsMetBy(Func<string, bool> holds) => Any ? Scopes.Any(holds) : Scopes.All(holds);

    /// <summary>
    /// Gets the scopes with which a key meets the requirement: all of them, or the first one that the key holds if one is sufficient.
    /// </summary>
    internal IReadOnlyList<string> GetMetScopes(ScopeSet held)
    {
        if (!Any || Scopes.Count == 1)
        {
            return Scopes;
        }

        for (var index = 0; index < Scopes.Count; index++)
        {
            if (held.Contains(Scopes[index]))
            {
                return _singleScopes[index];
            }
        }

        return [];
    }

    internal static string[] Validate(IReadOnlyList<string> scopes)
    {
        if (scopes.Count == 0)
        {
            throw new ArgumentException(
                "The list of scopes is empty; name at least one, or call RequireAuthorization() to accept any key.", nameof(scopes));
        }

        foreach (var scope in scopes)
        {
            if (!ScopeSet.IsScope(scope))
            {
                throw new ArgumentException(
                    $"\"{scope}\" is not a scope; write resource:action or a single word, one scope per string.", nameof(scopes));
            }
        }

        return [.. scopes];
    }
}
