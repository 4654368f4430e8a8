using System.Security.Claims;
using System.Text.RegularExpressions;
using ApiKeyAuth.Keys;
using BenchmarkDotNet.Attributes;

namespace ApiKeyAuth.Benchmarks.Parts;

/// <summary>Parsing a key beside the least that others do: the compiled pattern of the same format, without a checksum.</summary>
public class ParseKey
{
    private readonly ApiKeyFormat _format = new();
    private readonly ApiKeyFormats _formats = new(new ApiKeyFormat(), []);
    private readonly Regex _pattern = new(new ApiKeyFormat().ScannerPattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
    private string _key = "";

    /// <summary>Makes a key.</summary>
    [GlobalSetup]
    public void MakeKey() => _key = _format.Generate("live");

    /// <summary>The pattern.</summary>
    [Benchmark(Baseline = true)]
    public bool Pattern() => _pattern.IsMatch(_key);

    /// <summary>The library's, with the checksum.</summary>
    [Benchmark]
    public bool TryParse() => _formats.TryParse(_key, out _);
}

/// <summary>Asking 20 grants for the last of them, beside what <c>RequireClaim</c> does.</summary>
public class AskScope
{
    private readonly ClaimsPrincipal _principal = new(new ClaimsIdentity([.. Scopes().Select(scope => new Claim("scope", scope))], "test"));
    private readonly ScopeSet _granted = ScopeSet.Create([.. Scopes()]);

    /// <summary>The framework's.</summary>
    [Benchmark(Baseline = true)]
    public bool HasClaim() => _principal.HasClaim("scope", "resource19:read");

    /// <summary>The library's.</summary>
    [Benchmark]
    public bool Contains() => _granted.Contains("resource19:read");

    private static IEnumerable<string> Scopes() => Enumerable.Range(0, 20).Select(number => $"resource{number}:read");
}
