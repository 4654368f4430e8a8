using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Reads keys from a configuration section: by hash anywhere, in plain text only in Development.</summary>
/// <param name="formats">The formats, or null where they are wrong, so that what depends on them is not checked.</param>
/// <param name="hasher">The hasher, or null likewise.</param>
/// <param name="catalogue">The scopes.</param>
/// <param name="isDevelopment">Whether plain text is read.</param>
internal sealed class ConfiguredKeys(ApiKeyFormats? formats, ApiKeyHasher? hasher, ScopeCatalogue catalogue, bool isDevelopment)
{
    private const string HashForm = "is no hash; write \"sha256:\" and 64 hexadecimal digits, as printed when the key was made.";
    private const string Unfound = "is made with a pepper that Peppers lacks, or without one while plain hashes are not accepted, so it would never be found; add the pepper, or set AcceptUnpepperedHashes.";

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ApiKeyHash> _hashes = [];

    /// <summary>Reads the item that a reader stands on, or null where it cannot be a key; every problem is reported to the reader.</summary>
    /// <param name="item">The reader of the key.</param>
    /// <param name="id">The ID that the section of the key is named by, or null if it is a member of the section.</param>
    public ApiKey? Read(SettingsReader item, string? id = null)
    {
        var secrets = Secrets(item);
        var key = new ApiKey
        {
            Id = Id(item, id),
            Name = Name(item),
            Kind = Readable(item, "Kind"),
            Environment = Environment(item),
            TenantId = Readable(item, "TenantId"),
            OwnerId = Readable(item, "OwnerId"),
            Scopes = ScopeSet.Create(item.Scopes("Scopes", catalogue.Knows, Shown)),
            RateLimits = SettingsValues.RateLimits(item, "RateLimits") ?? [],
            Networks = [.. (item.Values("Networks") ?? []).Select(Network).OfType<IPNetwork>()],
            Audiences = [.. (item.Values("Audiences") ?? []).Select(value => Readable(value.Own!, value.Problem))],
            Metadata = Metadata(item),
            Enabled = item.Flag("Enabled", true),
            ExpiresAt = item.Has("ExpiresAt") ? Expiry(item) : null,
            Secrets = secrets,
        };
        return key.Id.Length > 0 && secrets.Count > 0 ? key : null;
    }

    /// <summary>Masks keys that stand where a name belongs, as in a list written as an object.</summary>
    public string Mask(string problem) => SettingProblems.Mask(formats?.Redact(problem) ?? problem);

    private string Id(SettingsReader item, string? name)
    {
        var id = item.Text("Id");
        if (name is not null && id is not null && id != name)
        {
            item.Problem("Id", "differs from the name of the section, which is the ID of the key; remove it.");
        }

        id = name ?? id ?? "";
        if (id.Length is 0 or > 200 || DisplayText.IsMisleading(id))
        {
            item.Problem("Id", "is missing or no id; give every key a stable id of 1 to 200 characters.");
            return "";
        }

        if (formats is not null && formats.Redact(id) != id)
        {
            item.Problem("Id", "holds a key, which logs and claims would show; give an id that is no part of the secret, and issue a new key because this one was exposed.");
            return "";
        }

        if (!_ids.Add(id))
        {
            item.Problem("Id", "is the id of another key too; ids are unique.");
        }

        return id;
    }

    private static string Name(SettingsReader item)
    {
        var name = Readable(item, "Name") ?? "";
        if (name.Length > 0 && DisplayText.IsBlank(name))
        {
            item.Problem("Name", "is blank; write a name, or leave it out.");
        }

        return name.Trim();
    }

    /// <summary>Reads a text that lists, claims or logs show, and reports one that would misrepresent itself there.</summary>
    private static string? Readable(SettingsReader item, string name) =>
        item.Text(name) is { } text ? Readable(text, problem => item.Problem(name, problem)) : null;

    private static string Readable(string text, Action<string> report)
    {
        if (DisplayText.IsMisleading(text))
        {
            report($"holds {DisplayText.Misleading}; remove it.");
        }

        return text;
    }

    /// <summary>A scope may be named, but a key pasted into the wrong line may not.</summary>
    private string Shown(string scope) => formats?.Redact(scope) ?? "(not shown)";

    private string? Environment(SettingsReader item)
    {
        var environment = item.Text("Environment");
        if (string.IsNullOrEmpty(environment))
        {
            return null;
        }

        if (formats?.Environments() is { } known && !known.Contains(environment, StringComparer.Ordinal))
        {
            item.Problem("Environment", $"is named by no format; known are {string.Join(", ", known)}.");
        }

        return environment;
    }

    private List<ApiKeySecret> Secrets(SettingsReader item)
    {
        item.CheckSum("Hash", "Hashes", "Key");
        var secrets = (item.Values("Hashes") ?? []).Select(value => Hashed(value.Own!, value.Problem)).ToList();
        if (item.Text("Hash") is { } hash)
        {
            secrets.Add(Hashed(hash, mend => item.Problem("Hash", mend)));
        }

        if (item.Text("Key") is { } plain)
        {
            secrets.Add(PlainText(item, plain));
        }

        if (secrets.Count == 0 && !item.Has("Hash") && !item.Has("Key"))
        {
            item.Problem("Hash", "is missing; write \"sha256:\" and 64 hexadecimal digits, as printed when the key was made.");
        }

        return [.. secrets.OfType<ApiKeySecret>()];
    }

    private ApiKeySecret? Hashed(string text, Action<string> report)
    {
        if (!ApiKeyHash.TryParse(text, out var hash))
        {
            report(HashForm);
            return null;
        }

        if (hasher?.Finds(hash) == false)
        {
            report(Unfound);
        }

        return Once(hash, report) ? new ApiKeySecret { Hash = hash } : null;
    }

    private ApiKeySecret? PlainText(SettingsReader item, string plain)
    {
        if (!isDevelopment)
        {
            item.Problem("Key", "is a key in plain text, which is refused outside Development; write its Hash, and issue a new key because this one was exposed.");
            return null;
        }

        if (formats is null || hasher is null)
        {
            return null;
        }

        if (!formats.TryParse(plain, out var parsed))
        {
            item.Problem("Key", $"is no key of a configured format ({formats}).");
            return null;
        }

        var hash = hasher.Hash(plain);
        return Once(hash, mend => item.Problem("Key", mend)) ? new ApiKeySecret { Hash = hash, Hint = parsed.Format.GetHint(plain) } : null;
    }

    private bool Once(ApiKeyHash hash, Action<string> report)
    {
        var isNew = _hashes.Add(hash);
        if (!isNew)
        {
            report("is the secret of another key too, or stands twice; every key has secrets of its own.");
        }

        return isNew;
    }

    private static IPNetwork? Network(SettingsReader value)
    {
        if (Networks.Parse(value.Own!) is { } network)
        {
            return network;
        }

        value.Problem("is no network; write 203.0.113.0/24, 2001:db8::/48 or one address, with no bits set past the prefix.");
        return null;
    }

    private static ReadOnlyDictionary<string, string> Metadata(SettingsReader item)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        item.Items(
            "Metadata",
            note =>
            {
                // A name that misrepresents itself is not repeated.
                if (DisplayText.IsMisleading(note.Name))
                {
                    item.Problem("Metadata", $"has a name that holds {DisplayText.Misleading}; remove it.");
                }
                else
                {
                    metadata[note.Name] = Readable(note.Own ?? "", note.Problem);
                }
            },
            takesValue: true,
            isNamed: true);
        return metadata.AsReadOnly();
    }

    private static ApiKeyExpiry? Expiry(SettingsReader item) =>
        item.Parse<ApiKeyExpiry>("ExpiresAt", default, "is no expiry; write 2027-12-31 or 2027-12-31T10:00:00Z.", static text =>
            ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry : null);
}
