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
    public ApiKey? Read(SettingsReader item)
    {
        var secrets = Secrets(item);
        var key = new ApiKey
        {
            Id = Id(item),
            Name = item.Text("Name") ?? "",
            Kind = item.Text("Kind"),
            Environment = Environment(item),
            TenantId = item.Text("TenantId"),
            OwnerId = item.Text("OwnerId"),
            Scopes = ScopeSet.Create(item.Scopes("Scopes", catalogue.Knows, Shown)),
            RateLimits = SettingsValues.RateLimits(item, "RateLimits") ?? [],
            Networks = [.. (item.Values("Networks") ?? []).Select(Network).OfType<IPNetwork>()],
            Audiences = item.List("Audiences") ?? [],
            Metadata = Metadata(item),
            Enabled = item.Flag("Enabled", true),
            ExpiresAt = item.Has("ExpiresAt") ? Expiry(item) : null,
            Secrets = secrets,
        };
        return key.Id.Length > 0 && secrets.Count > 0 ? key : null;
    }

    private string Id(SettingsReader item)
    {
        var id = item.Text("Id") ?? "";
        if (id.Length is 0 or > 200 || id.Any(char.IsControl))
        {
            item.Problem("Id", "is missing or no id; give every key a stable id of 1 to 200 characters.");
            return "";
        }

        if (!_ids.Add(id))
        {
            item.Problem("Id", "is the id of another key too; ids are unique.");
        }

        return id;
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
        item.Items("Metadata", note => metadata[note.Name] = note.Own ?? "", takesValue: true);
        return metadata.AsReadOnly();
    }

    private static ApiKeyExpiry? Expiry(SettingsReader item) =>
        item.Parse<ApiKeyExpiry>("ExpiresAt", default, "is no expiry; write 2027-12-31 or 2027-12-31T10:00:00Z.", static text =>
            ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry : null);
}
