using ApiKeyAuth.Authentication;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth;

/// <summary>Provides the options of API keys, which are read once at startup. Each scheme has options of its own.</summary>
public sealed class ApiKeyAuthOptions
{
    /// <summary>Gets or sets the format of new keys, which is also accepted.</summary>
    public ApiKeyFormat Format { get; set; } = new();

    /// <summary>Gets the formats that are accepted too, for keys issued elsewhere or before. The default is empty.</summary>
    public IList<ApiKeyFormat> AcceptedFormats { get; } = [];

    /// <summary>Gets the scopes of the app's catalog. The default is empty, which allows every scope.</summary>
    public IList<ScopeDefinition> Scopes { get; } = [];

    /// <summary>
    /// Gets the secrets of the app that stored hashes depend on, of which at most one is not retired. The default is empty, for plain
    /// SHA-256.
    /// </summary>
    public IList<ApiKeyPepper> Peppers { get; } = [];

    /// <summary>
    /// Gets or sets whether keys that are stored without a pepper are accepted. The default is null, which accepts them only while there is
    /// no current pepper.
    /// </summary>
    public bool? AcceptUnpepperedHashes { get; set; }

    /// <summary>Gets the options of the cache in front of the stores.</summary>
    public ApiKeyCacheOptions Cache { get; } = new();

    /// <summary>Gets the options of the backplane between nodes that serve the same keys.</summary>
    public ApiKeyBackplaneOptions Backplane { get; } = new();

    /// <summary>Gets the options of rate limiting.</summary>
    public ApiKeyRateLimitOptions RateLimiting { get; } = new();

    /// <summary>Gets the options of usage counting.</summary>
    public ApiKeyUsageOptions Usage { get; } = new();

    /// <summary>Gets the options of key management.</summary>
    public ApiKeyManagementOptions Management { get; } = new();

    /// <summary>Gets the options of error responses.</summary>
    public ApiKeyErrorOptions Errors { get; } = new();

    /// <summary>Gets or sets the full name of the section that the options are read from, by which messages name a setting.</summary>
    internal string Path { get; set; } = "ApiKeyAuth";

    /// <summary>Gets the full name of the section of the schemes.</summary>
    internal string SchemesPath => Path + ":Schemes";

    /// <summary>Gets the schemes that the configuration names.</summary>
    internal ISet<string> ConfiguredSchemes { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the schemes that are added in code, in their order and with duplicates.</summary>
    internal IList<string> AddedSchemes { get; } = [];

    /// <summary>Gets the keys added in code.</summary>
    internal List<ApiKey> AddedKeys { get; } = [];

    /// <summary>Gets the schemes that forwarding schemes forward requests to.</summary>
    internal List<string> ForwardedSchemes { get; } = [];

    /// <summary>Gets the problems in the configuration, which are reported together with all other problems.</summary>
    internal IList<string> ConfigurationProblems { get; } = [];

    /// <summary>Gets the names of the schemes: those that are configured or added, or else the default scheme.</summary>
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
