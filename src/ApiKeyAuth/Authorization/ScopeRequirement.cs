using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Authorization;

/// <summary>Scopes that one identity must hold: all of them, or any.</summary>
public sealed class ScopeRequirement : IAuthorizationRequirement
{
    private readonly IReadOnlyList<string>[] _singleScopes;

    /// <summary>Makes a requirement.</summary>
    /// <exception cref="ArgumentException">No scope is given, or one is no scope.</exception>
    public ScopeRequirement(IReadOnlyList<string> scopes, bool any = false)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        Scopes = Validate(scopes);
        Any = any;
        _singleScopes = [.. Scopes.Select(scope => new[] { scope })];
    }

    /// <summary>The scopes, compared ordinally; a wildcard among them is literal.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Whether one of them is enough.</summary>
    public bool Any { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Requires {(Any && Scopes.Count > 1 ? "any" : "all")} of the scopes {string.Join(' ', Scopes)}";

    internal bool IsMetBy(ScopeSet held) => Any ? held.ContainsAny(Scopes) : held.ContainsAll(Scopes);

    internal bool IsMetBy(Func<string, bool> holds) => Any ? Scopes.Any(holds) : Scopes.All(holds);

    /// <summary>
    /// Gets the scopes by which a key meets the requirement: all of them, or the first that the key holds if one is enough.
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
            throw new ArgumentException("No scope is given; name at least one, or call RequireAuthorization() where any key will do.", nameof(scopes));
        }

        foreach (var scope in scopes)
        {
            if (!ScopeSet.IsScope(scope))
            {
                throw new ArgumentException($"\"{scope}\" is no scope; write resource:action or a bare word, one scope a string.", nameof(scopes));
            }
        }

        return [.. scopes];
    }
}
