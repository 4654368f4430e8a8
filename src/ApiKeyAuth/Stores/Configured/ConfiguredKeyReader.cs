using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Reads keys from a configuration section. Keys in plain text are read in Development only.</summary>
/// <param name="formats">The formats, or null if their settings are invalid; checks that need them are then skipped.</param>
/// <param name="hasher">The hasher, or null if its settings are invalid; checks that need it are then skipped.</param>
/// <param name="catalog">The scope catalog.</param>
/// <param name="isDevelopment">Whether keys in plain text are accepted.</param>
internal sealed class ConfiguredKeyReader(ApiKeyFormats? formats, ApiKeyHasher? hasher, ScopeCatalog catalog, bool isDevelopment)
{
    private const string InvalidHashMessage =
        $"is not a hash; write \"sha256:\" and the SHA-256 of the whole key as {DigestText.Description}.";

    private const string UnknownAlgorithmMessage =
        "uses an algorithm that HashAlgorithms does not contain, so the key would never be found; write its name in HashAlgorithms.";

    private const string SaltedHashMessage =
        "is a salted hash, which only a store can replace by a fast one after the first use; import the key into a store.";

    private const string UnknownPepperMessage =
        "uses a pepper that Peppers does not contain, or no pepper although plain hashes are not accepted, so the key would never be "
        + "found; add the pepper, or set AcceptUnpepperedHashes.";

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ApiKeyHash> _hashes = [];

    /// <summary>Reads a key and reports every problem to its reader.</summary>
    /// <param name="item">The reader of the section of the key.</param>
    /// <param name="id">The ID if it is the name of the section, or null if the section has a member for it.</param>
    /// <returns>The key, or null if its ID or its secrets are missing.</returns>
    public ApiKey? Read(SettingsReader item, string? id = null)
    {
        var secrets = ReadSecrets(item);
        var key = new ApiKey
        {
            Id = ReadId(item, id),
            Name = ReadName(item),
            Kind = ReadDisplayText(item, "Kind"),
            Environment = ReadEnvironment(item),
            TenantId = ReadDisplayText(item, "TenantId"),
            OwnerId = ReadDisplayText(item, "OwnerId"),
            Scopes = ScopeSet.Create(item.ReadScopes("Scopes", catalog.IsGrantable, RedactScope)),
            RateLimits = SettingsValues.ReadRateLimits(item, "RateLimits") ?? [],
            Networks = [.. (item.ReadValues("Networks") ?? []).Select(ParseNetwork).OfType<IPNetwork>()],
            Audiences = [.. (item.ReadValues("Audiences") ?? []).Select(value => ReadDisplayText(value.Value!, value.AddProblem))],
            Metadata = ReadMetadata(item),
            Enabled = item.ReadBoolean("Enabled", true),
            ExpiresAt = item.Has("ExpiresAt") ? ReadExpiry(item) : null,
            NotBefore = item.Has("NotBefore") ? ReadStart(item) : null,
            Secrets = secrets,
        };
        if (key.NotBefore >= key.ExpiresAt?.Instant)
        {
            item.AddProblem("NotBefore", "is not before ExpiresAt, so the key would never be accepted; write an earlier time.");
        }

        return key.Id.Length > 0 && secrets.Count > 0 ? key : null;
    }

    /// <summary>Masks secrets in a problem, which may name a section, as in a list written as an object.</summary>
    public string Mask(string problem) => SettingProblems.Mask(formats?.Redact(problem) ?? problem);

    private string ReadId(SettingsReader item, string? name)
    {
        var id = item.ReadString("Id");
        if (name is not null && id is not null && id != name)
        {
            item.AddProblem("Id", "differs from the name of the section, which is the ID of the key; remove it.");
        }

        id = name ?? id ?? "";
        if (id.Length is 0 or > 200 || DisplayText.IsMisleading(id))
        {
            item.AddProblem("Id", "is missing or not a valid ID; give every key a stable ID of 1 to 200 characters.");
            return "";
        }

        if (formats is not null && formats.Redact(id) != id)
        {
            item.AddProblem("Id", "contains a secret, which logs and claims would show; choose an ID that is not part of the secret, "
                + "and issue a new key because this one was exposed.");
            return "";
        }

        if (!_ids.Add(id))
        {
            item.AddProblem("Id", "is also the ID of another key; IDs must be unique.");
        }

        return id;
    }

    private static string ReadName(SettingsReader item)
    {
        var name = ReadDisplayText(item, "Name") ?? "";
        if (name.Length > 0 && DisplayText.IsBlank(name))
        {
            item.AddProblem("Name", "is blank; write a name or remove the setting.");
        }

        return name.Trim();
    }

    /// <summary>Reads a text that lists, claims or logs show, and reports misleading characters.</summary>
    private static string? ReadDisplayText(SettingsReader item, string name) =>
        item.ReadString(name) is { } text ? ReadDisplayText(text, problem => item.AddProblem(name, problem)) : null;

    private static string ReadDisplayText(string text, Action<string> report)
    {
        if (DisplayText.IsMisleading(text))
        {
            report($"contains {DisplayText.MisleadingDescription}; remove it.");
        }

        return text;
    }

    /// <summary>Redacts a scope for a message, because a key may have been pasted into the wrong line.</summary>
    private string RedactScope(string scope) => formats?.Redact(scope) ?? "(not shown)";

    private string? ReadEnvironment(SettingsReader item)
    {
        var environment = item.ReadString("Environment");
        if (string.IsNullOrEmpty(environment))
        {
            return null;
        }

        if (formats?.GetEnvironments() is { } known && !known.Contains(environment, StringComparer.Ordinal))
        {
            item.AddProblem("Environment", $"is not an environment of any format; write one of {string.Join(", ", known)}.");
        }

        return environment;
    }

    private List<ApiKeySecret> ReadSecrets(SettingsReader item)
    {
        item.CheckSingleProvider("Hash", "Hashes", "Key");
        if (item.ReadString("Prefix") is { } prefix && formats?.FindStoredKeyProblem(prefix) is { } problem)
        {
            item.AddProblem("Prefix", problem + ".");
        }

        var secrets = (item.ReadValues("Hashes") ?? []).Select(value => ReadHash(value.Value!, value.AddProblem)).ToList();
        if (item.ReadString("Hash") is { } hash)
        {
            secrets.Add(ReadHash(hash, problem => item.AddProblem("Hash", problem)));
        }

        if (item.ReadString("Key") is { } plain)
        {
            secrets.Add(ReadPlainText(item, plain));
        }

        if (secrets.Count == 0 && !item.Has("Hash") && !item.Has("Key"))
        {
            item.AddProblem("Hash", $"is missing; write \"sha256:\" and the SHA-256 of the whole key as {DigestText.Description}.");
        }

        return [.. secrets.OfType<ApiKeySecret>()];
    }

    private ApiKeySecret? ReadHash(string text, Action<string> report)
    {
        var hash = ApiKeyHash.TryParse(text, out var own) ? own : hasher?.ReadLegacyHash(text);
        if (hash is null)
        {
            report(InvalidHashMessage);
            return null;
        }

        if (hasher?.FindAlgorithm(hash.Algorithm) is SaltedApiKeyHashAlgorithm)
        {
            report(SaltedHashMessage);
            return null;
        }

        if (hasher?.CanFind(hash) == false)
        {
            report(hash.IsLegacy ? UnknownAlgorithmMessage : UnknownPepperMessage);
        }

        return TryAddHash(hash, report) ? new ApiKeySecret { Hash = hash } : null;
    }

    private ApiKeySecret? ReadPlainText(SettingsReader item, string plainText)
    {
        if (!isDevelopment)
        {
            item.AddProblem("Key", "is a key in plain text, which is rejected outside Development; write its Hash, "
                + "and issue a new key because this one was exposed.");
            return null;
        }

        if (formats is null || hasher is null)
        {
            return null;
        }

        if (!formats.TryParse(plainText, out var parsed))
        {
            item.AddProblem("Key", $"is not a key of a configured format ({formats}): {formats.DescribeFault(plainText)}; correct it.");
            return null;
        }

        var hash = hasher.Hash(plainText);
        return TryAddHash(hash, problem => item.AddProblem("Key", problem))
            ? new ApiKeySecret { Hash = hash, Hint = parsed.Format.GetHint(plainText) }
            : null;
    }

    private bool TryAddHash(ApiKeyHash hash, Action<string> report)
    {
        var isNew = _hashes.Add(hash);
        if (!isNew)
        {
            report("is also the secret of another key, or is written twice; every secret must be unique.");
        }

        return isNew;
    }

    private static IPNetwork? ParseNetwork(SettingsReader value)
    {
        if (Networks.Parse(value.Value!) is { } network)
        {
            return network;
        }

        value.AddProblem(
            "is not a network; write 203.0.113.0/24, 2001:db8::/48 or a single address, with no bits set after the prefix.");
        return null;
    }

    private static ReadOnlyDictionary<string, string> ReadMetadata(SettingsReader item)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        item.ReadItems(
            "Metadata",
            entry =>
            {
                // The message does not repeat a misleading name.
                if (DisplayText.IsMisleading(entry.Name))
                {
                    item.AddProblem("Metadata", $"has a name that contains {DisplayText.MisleadingDescription}; remove it.");
                }
                else
                {
                    metadata[entry.Name] = ReadDisplayText(entry.Value ?? "", entry.AddProblem);
                }
            },
            takesValue: true,
            isNamed: true);
        return metadata.AsReadOnly();
    }

    private static ApiKeyExpiry? ReadExpiry(SettingsReader item) =>
        item.ReadValue<ApiKeyExpiry>("ExpiresAt", default, "is not a date; write 2027-12-31 or 2027-12-31T10:00:00Z.", static text =>
            ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry : null);

    private static DateTimeOffset? ReadStart(SettingsReader item) =>
        item.ReadValue<DateTimeOffset>(
            "NotBefore", default, "is not a date; write 2027-12-31 or 2027-12-31T10:00:00Z.", static text => StartTime.Parse(text));
}
