using ApiKeyAuth.Authentication;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth;

/// <summary>Provides the options of API keys that all schemes share. They are read once, when the app starts.</summary>
public sealed class ApiKeyAuthOptions
{
    /// <summary>Gets or sets the format of new keys. Keys of this format are always accepted.</summary>
    public ApiKeyFormat Format { get; set; } = new();

    /// <summary>
    /// Gets the additional formats to accept: an <see cref="ApiKeyFormat"/> for keys that the app issued earlier, or an
    /// <see cref="ExternalApiKeyFormat"/> for keys that were issued elsewhere. The default is empty.
    /// </summary>
    public IList<AcceptedApiKeyFormat> AcceptedFormats { get; } = [];

    /// <summary>Gets the catalog of the scopes that the app defines. The default is empty, which means no catalog.</summary>
    public IList<ScopeDefinition> Scopes { get; } = [];

    /// <summary>
    /// Gets the peppers, which are secrets of the app that are part of every stored hash. At most one may be current; the others must be
    /// retired. The default is empty, which means plain SHA-256.
    /// </summary>
    public IList<ApiKeyPepper> Peppers { get; } = [];

    /// <summary>
    /// Gets or sets a value indicating whether keys that were stored without a pepper are accepted. The default is null, which accepts
    /// them only as long as no pepper is current.
    /// </summary>
    public bool? AcceptUnpepperedHashes { get; set; }

    /// <summary>
    /// Gets the algorithms with which other systems hashed keys that are imported or configured by their hashes. The default is empty.
    /// </summary>
    /// <remarks>Each lookup of a key that is not cached computes the hashes of all algorithms. Remove one when no key needs it.</remarks>
    public IList<IApiKeyHashAlgorithm> HashAlgorithms { get; } = [];

    /// <summary>Gets the options of the cache in front of the stores.</summary>
    public ApiKeyCacheOptions Cache { get; } = new();

    /// <summary>Gets the options of the backplane between nodes that serve the same keys.</summary>
    public ApiKeyBackplaneOptions Backplane { get; } = new();

    /// <summary>Gets the options of rate limiting.</summary>
    public ApiKeyRateLimitOptions RateLimiting { get; } = new();

    /// <summary>Gets the options that control how the usage of keys is counted and stored.</summary>
    public ApiKeyUsageOptions Usage { get; } = new();

    /// <summary>Gets the rules for creating and changing keys.</summary>
    public ApiKeyManagementOptions Management { get; } = new();

    /// <summary>Gets the options of signed reports of leaked keys.</summary>
    public ApiKeyLeakReportOptions LeakReports { get; } = new();

    /// <summary>Gets the options of error responses.</summary>
    public ApiKeyErrorOptions Errors { get; } = new();

    /// <summary>Gets the schemes that the configuration names.</summary>
    internal ISet<string> ConfiguredSchemes { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the schemes that were added in code, in this order. Duplicates are included.</summary>
    internal IList<string> AddedSchemes { get; } = [];

    /// <summary>Gets the keys that were added in code.</summary>
    internal List<ApiKey> AddedKeys { get; } = [];

    /// <summary>Gets the schemes that forwarding schemes forward requests to.</summary>
    internal List<string> ForwardedSchemes { get; } = [];

    /// <summary>Gets the schemes that were configured or added, or the default scheme if there are none.</summary>
    internal IReadOnlyList<string> Schemes
    {
        get
        {
            // Names of sections ignore case and names of options do not. If both name one scheme, the spelling in code wins.
            string[] named = [.. AddedSchemes.Union(ConfiguredSchemes, StringComparer.OrdinalIgnoreCase)];
            return named.Length == 0 ? [ApiKeyDefaults.AuthenticationScheme] : named;
        }
    }
}
