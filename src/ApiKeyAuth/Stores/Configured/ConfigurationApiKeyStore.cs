using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Provides the keys in the configuration, which hold hashes. They are read again when the configuration changes.</summary>
/// <remarks>If a change is invalid, it is logged and the previous keys stay in force.</remarks>
internal sealed class ConfigurationApiKeyStore : IBatchApiKeyStore, IDisposable
{
    private readonly Func<ConfiguredKeyReader> _readerFactory;
    private readonly IConfigurationSection _section;
    private readonly ILogger _logger;
    private readonly SectionProviders _providers;
    private readonly BrokenFiles _brokenFiles;
    private readonly IDisposable _changeRegistration;
    private byte[] _fingerprint;
    private volatile FrozenDictionary<ApiKeyHash, ApiKey> _keys;

    /// <summary>Initializes a new instance and reads the keys.</summary>
    /// <exception cref="OptionsValidationException">A key is invalid. The message lists all problems.</exception>
    public ConfigurationApiKeyStore(
        IConfigurationSection section,
        Func<ConfiguredKeyReader> reader,
        ILogger<ConfigurationApiKeyStore> logger,
        SectionProviders? providers = null)
    {
        _providers = providers ?? new SectionProviders(section, []);
        _section = section;
        _readerFactory = reader;
        _logger = logger;
        _fingerprint = ComputeFingerprint();
        var (keys, problems) = ReadKeys(section, reader(), _providers.ReadLayers());
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(section.Path, typeof(ApiKey), problems);
        }

        _keys = keys;
        _brokenFiles = new BrokenFiles(_providers.GetAll(), file => Log.ConfigurationFileInvalid(logger, file, Count));
        _changeRegistration = ChangeToken.OnChange(section.GetReloadToken, Reload);
        if (!_providers.AreKnown)
        {
            Log.ConfigurationProvidersUnknown(logger, _providers.Path);
        }

        if (Count > 0)
        {
            Log.ConfiguredKeysRead(logger, Count);
        }
    }

    /// <summary>Occurs when other keys are in force.</summary>
    public event Action? Changed;

    /// <summary>Gets the number of keys in force.</summary>
    public int Count => _keys.Values.Distinct().Count();

    /// <summary>Gets the IDs of the keys in force.</summary>
    public IEnumerable<string> Ids => _keys.Values.Select(static key => key.Id);

    /// <summary>Determines whether a key in force has a secret with a hash.</summary>
    public bool ContainsHash(ApiKeyHash hash) => _keys.ContainsKey(hash);

    /// <inheritdoc/>
    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(_keys, hashes));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey?>> FindManyAsync(
        IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken)
    {
        var keys = _keys;
        return ValueTask.FromResult<IReadOnlyList<ApiKey?>>([.. lookups.Select(hashes => Find(keys, hashes))]);
    }

    private static ApiKey? Find(IReadOnlyDictionary<ApiKeyHash, ApiKey> keys, IReadOnlyList<ApiKeyHash> hashes)
    {
        var hash = hashes.FirstOrDefault(keys.ContainsKey);
        return hash is null ? null : keys[hash];
    }

    /// <inheritdoc/>
    public void Dispose() => _changeRegistration.Dispose();

    private void Reload()
    {
        // One edit often raises several change tokens, and most edits concern other settings, for which the cache stays valid. While a file
        // cannot be read, its settings are missing, and the keys in it stay in force.
        var fingerprint = ComputeFingerprint();
        if (fingerprint.AsSpan().SequenceEqual(_fingerprint) || _brokenFiles.HasBrokenFiles())
        {
            return;
        }

        _fingerprint = fingerprint;
        var (keys, problems) = ReadKeys(_section, _readerFactory(), _providers.ReadLayers());
        if (problems.Count > 0)
        {
            Log.ConfiguredKeysRejected(_logger, Count, string.Join(" ", problems));
            return;
        }

        _keys = keys;
        Changed?.Invoke();
        Log.ConfiguredKeysRead(_logger, Count);
    }

    /// <summary>Hashes the section and the values of each provider, which may change while the merged values do not.</summary>
    private byte[] ComputeFingerprint()
    {
        var layers = _providers.ReadLayers().Within(_section.Path).GetValues(_section.Path);
        var settings = _section.AsEnumerable().Concat(layers).Select(setting => $"{setting.Key}\0{setting.Value ?? "\0"}");
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', settings)));
    }

    /// <summary>Reads the keys of a section and lists every problem.</summary>
    internal static (FrozenDictionary<ApiKeyHash, ApiKey> Keys, List<string> Problems) ReadKeys(
        IConfigurationSection section, ConfiguredKeyReader reader, ConfigurationLayers layers)
    {
        var problems = new List<string>();
        var keys = new Dictionary<ApiKeyHash, ApiKey>();
        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add($"{section.Path} is a single value; write a list.");
        }

        new ConfiguredKeySectionReader(section, layers, problems).ReadEach((settings, id) =>
        {
            if (reader.Read(settings, id) is { } key)
            {
                foreach (var secret in key.Secrets)
                {
                    keys.TryAdd(secret.Hash, key);
                }
            }
        });
        return (keys.ToFrozenDictionary(), [.. problems.Select(reader.Mask)]);
    }
}
