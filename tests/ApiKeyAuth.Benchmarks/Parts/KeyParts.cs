using System.Security.Claims;
using System.Text.RegularExpressions;
using ApiKeyAuth.Keys;
using BenchmarkDotNet.Attributes;

namespace ApiKeyAuth.Benchmarks.Parts;

/// <summary>Compares parsing a key with the compiled pattern of the same format, which has no checksum.</summary>
public class ParseKey
{
    private readonly ApiKeyFormat _format = new();
    private readonly ApiKeyFormats _formats = new(new ApiKeyFormat(), []);
    private readonly Regex _pattern = new(new ApiKeyFormat().ScannerPattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
    private string _key = "";

    /// <summary>Generates a key.</summary>
    [GlobalSetup]
    public void GenerateKey() => _key = _format.Generate("live");

    /// <summary>Matches the pattern.</summary>
    [Benchmark(Baseline = true)]
    public bool Pattern() => _pattern.IsMatch(_key);

    /// <summary>Parses the key and verifies its checksum.</summary>
    [Benchmark]
    public bool TryParse() => _formats.TryParse(_key, out _);
}

/// <summary>Compares checking a scope against 20 grants with what <c>RequireClaim</c> does.</summary>
public class CheckScope
{
    private readonly ClaimsPrincipal _principal = new(new ClaimsIdentity([.. Scopes().Select(scope => new Claim("scope", scope))], "test"));
    private readonly ScopeSet _granted = ScopeSet.Create([.. Scopes()]);

    /// <summary>Searches the claims of the principal.</summary>
    [Benchmark(Baseline = true)]
    public bool HasClaim() => _principal.HasClaim("scope", "resource19:read");

    /// <summary>Checks the scope set.</summary>
    [Benchmark]
    public bool Contains() => _granted.Contains("resource19:read");

    private static IEnumerable<string> Scopes() => Enumerable.Range(0, 20).Select(number => $"resource{number}:read");
}
