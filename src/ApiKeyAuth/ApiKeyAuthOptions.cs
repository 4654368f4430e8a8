using ApiKeyAuth.Authentication;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth;

/// <summary>Everything about keys but where they are read from, which each scheme says for itself. Read once, at start.</summary>
public sealed class ApiKeyAuthOptions
{
    /// <summary>The format of new keys; it is accepted too.</summary>
    public ApiKeyFormat Format { get; set; } = new();

    /// <summary>Formats accepted besides, for keys issued elsewhere or before.</summary>
    public IList<ApiKeyFormat> AcceptedFormats { get; } = [];

    /// <summary>The scopes that the app knows; empty for an app that does without a catalogue.</summary>
    public IList<ScopeDefinition> Scopes { get; } = [];

    /// <summary>The secrets of the app that go into stored hashes, at most one not retired; empty, the default, for plain SHA-256.</summary>
    public IList<ApiKeyPepper> Peppers { get; } = [];

    /// <summary>Whether keys stored without a pepper are accepted beside peppered ones; null, the default, accepts them only while there is no current pepper.</summary>
    public bool? AcceptUnpepperedHashes { get; set; }

    /// <summary>How long and how much the cache before the store remembers.</summary>
    public ApiKeyCacheOptions Cache { get; } = new();

    /// <summary>How nodes that serve the same keys keep in step.</summary>
    public ApiKeyBackplaneOptions Backplane { get; } = new();

    /// <summary>How often callers may call.</summary>
    public ApiKeyRateLimitOptions RateLimiting { get; } = new();

    /// <summary>How the uses of keys are counted and kept.</summary>
    public ApiKeyUsageOptions Usage { get; } = new();

    /// <summary>The app's rules for making and changing keys.</summary>
    public ApiKeyManagementOptions Management { get; } = new();

    /// <summary>How refusals read.</summary>
    public ApiKeyErrorOptions Errors { get; } = new();

    /// <summary>The full name of the section the options were read from, by which messages name a setting.</summary>
    internal string Path { get; set; } = "ApiKeyAuth";

    /// <summary>The full name of the section of the schemes.</summary>
    internal string SchemesPath => Path + ":Schemes";

    /// <summary>The schemes named in the configuration.</summary>
    internal ISet<string> ConfiguredSchemes { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The schemes added in code, in order, repeats included.</summary>
    internal IList<string> AddedSchemes { get; } = [];

    /// <summary>Gets the keys added in code.</summary>
    internal List<ApiKey> AddedKeys { get; } = [];

    /// <summary>The schemes that a forwarding scheme hands requests to.</summary>
    internal List<string> ForwardedSchemes { get; } = [];

    /// <summary>What was wrong in the configuration, reported together with all that is wrong otherwise.</summary>
    internal IList<string> ConfigurationProblems { get; } = [];

    /// <summary>The schemes there are: those configured or added, or the one default.</summary>
    internal IReadOnlyList<string> Schemes
    {
        get
        {
            // A section's name ignores case and an option's does not: where both name one scheme, the code's spelling stands.
            string[] named = [.. AddedSchemes.Union(ConfiguredSchemes, StringComparer.OrdinalIgnoreCase)];
            return named.Length == 0 ? [ApiKeyDefaults.AuthenticationScheme] : named;
        }
    }
}
