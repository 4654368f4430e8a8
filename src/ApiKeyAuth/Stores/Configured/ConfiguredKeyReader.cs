using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Reads keys from a configuration section: by hash anywhere, in plain text only in Development.</summary>
/// <param name="formats">The formats, or null where they are wrong, so that what depends on them is not checked.</param>
/// <param name="hasher">The hasher, or null likewise.</param>
/// <param name="catalog">The scopes.</param>
/// <param name="isDevelopment">Whether plain text is read.</param>
internal sealed class ConfiguredKeyReader(ApiKeyFormats? formats, ApiKeyHasher? hasher, ScopeCatalog catalog, bool isDevelopment)
{
    private const string InvalidHashMessage = "is no hash; write \"sha256:\" and 64 hexadecimal digits, as printed when the key was made.";
    private const string UnknownPepperMessage = "is made with a pepper that Peppers lacks, or without one while plain hashes are not accepted, so it would never be found; add the pepper, or set AcceptUnpepperedHashes.";

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ApiKeyHash> _hashes = [];

    /// <summary>Reads the item that a reader stands on, or null where it cannot be a key; every problem is reported to the reader.</summary>
    /// <param name="item">The reader of the key.</param>
    /// <param name="id">The ID that the section of the key is named by, or null if it is a member of the section.</param>
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
            Secrets = secrets,
        };
        return key.Id.Length > 0 && secrets.Count > 0 ? key : null;
    }

    /// <summary>Masks keys that stand where a name belongs, as in a list written as an object.</summary>
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
            item.AddProblem("Id", "is missing or no id; give every key a stable id of 1 to 200 characters.");
            return "";
        }

        if (formats is not null && formats.Redact(id) != id)
        {
            item.AddProblem("Id", "holds a key, which logs and claims would show; give an id that is no part of the secret, and issue a new key because this one was exposed.");
            return "";
        }

        if (!_ids.Add(id))
        {
            item.AddProblem("Id", "is the id of another key too; ids are unique.");
        }

        return id;
    }

    private static string ReadName(SettingsReader item)
    {
        var name = ReadDisplayText(item, "Name") ?? "";
        if (name.Length > 0 && DisplayText.IsBlank(name))
        {
            item.AddProblem("Name", "is blank; write a name, or leave it out.");
        }

        return name.Trim();
    }

    /// <summary>Reads a text that lists, claims or logs show, and reports one that would misrepresent itself there.</summary>
    private static string? ReadDisplayText(SettingsReader item, string name) =>
        item.ReadString(name) is { } text ? ReadDisplayText(text, problem => item.AddProblem(name, problem)) : null;

    private static string ReadDisplayText(string text, Action<string> report)
    {
        if (DisplayText.IsMisleading(text))
        {
            report($"holds {DisplayText.MisleadingDescription}; remove it.");
        }

        return text;
    }

    /// <summary>A scope may be named, but a key pasted into the wrong line may not.</summary>
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
            item.AddProblem("Environment", $"is named by no format; known are {string.Join(", ", known)}.");
        }

        return environment;
    }

    private List<ApiKeySecret> ReadSecrets(SettingsReader item)
    {
        item.CheckSingleProvider("Hash", "Hashes", "Key");
        var secrets = (item.ReadValues("Hashes") ?? []).Select(value => ReadHash(value.Value!, value.AddProblem)).ToList();
        if (item.ReadString("Hash") is { } hash)
        {
            secrets.Add(ReadHash(hash, mend => item.AddProblem("Hash", mend)));
        }

        if (item.ReadString("Key") is { } plain)
        {
            secrets.Add(ReadPlainText(item, plain));
        }

        if (secrets.Count == 0 && !item.Has("Hash") && !item.Has("Key"))
        {
            item.AddProblem("Hash", "is missing; write \"sha256:\" and 64 hexadecimal digits, as printed when the key was made.");
        }

        return [.. secrets.OfType<ApiKeySecret>()];
    }

    private ApiKeySecret? ReadHash(string text, Action<string> report)
    {
        if (!ApiKeyHash.TryParse(text, out var hash))
        {
            report(InvalidHashMessage);
            return null;
        }

        if (hasher?.CanFind(hash) == false)
        {
            report(UnknownPepperMessage);
        }

        return TryAddHash(hash, report) ? new ApiKeySecret { Hash = hash } : null;
    }

    private ApiKeySecret? ReadPlainText(SettingsReader item, string plainText)
    {
        if (!isDevelopment)
        {
            item.AddProblem("Key", "is a key in plain text, which is refused outside Development; write its Hash, and issue a new key because this one was exposed.");
            return null;
        }

        if (formats is null || hasher is null)
        {
            return null;
        }

        if (!formats.TryParse(plainText, out var parsed))
        {
            item.AddProblem("Key", $"is no key of a configured format ({formats}).");
            return null;
        }

        var hash = hasher.Hash(plainText);
        return TryAddHash(hash, mend => item.AddProblem("Key", mend)) ? new ApiKeySecret { Hash = hash, Hint = parsed.Format.GetHint(plainText) } : null;
    }

    private bool TryAddHash(ApiKeyHash hash, Action<string> report)
    {
        var isNew = _hashes.Add(hash);
        if (!isNew)
        {
            report("is the secret of another key too, or stands twice; every key has secrets of its own.");
        }

        return isNew;
    }

    private static IPNetwork? ParseNetwork(SettingsReader value)
    {
        if (Networks.Parse(value.Value!) is { } network)
        {
            return network;
        }

        value.AddProblem("is no network; write 203.0.113.0/24, 2001:db8::/48 or one address, with no bits set past the prefix.");
        return null;
    }

    private static ReadOnlyDictionary<string, string> ReadMetadata(SettingsReader item)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        item.ReadItems(
            "Metadata",
            note =>
            {
                // A name that misrepresents itself is not repeated.
                if (DisplayText.IsMisleading(note.Name))
                {
                    item.AddProblem("Metadata", $"has a name that holds {DisplayText.MisleadingDescription}; remove it.");
                }
                else
                {
                    metadata[note.Name] = ReadDisplayText(note.Value ?? "", note.AddProblem);
                }
            },
            takesValue: true,
            isNamed: true);
        return metadata.AsReadOnly();
    }

    private static ApiKeyExpiry? ReadExpiry(SettingsReader item) =>
        item.ReadValue<ApiKeyExpiry>("ExpiresAt", default, "is no expiry; write 2027-12-31 or 2027-12-31T10:00:00Z.", static text =>
            ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry : null);
}
