using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Reads keys from a configuration section: by hash anywhere, in plain text only in Development.</summary>
internal sealed class ConfiguredKeys(ApiKeyFormats formats, ApiKeyHasher hasher, ScopeCatalogue catalogue, bool isDevelopment)
{
    private const string HashForm = "is no hash; write \"sha256:\" and 64 hexadecimal digits, as printed when the key was made.";

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
            Environment = item.Text("Environment"),
            TenantId = item.Text("TenantId"),
            OwnerId = item.Text("OwnerId"),
            Scopes = Scopes(item),
            RateLimits = SettingsValues.RateLimits(item, "RateLimits") ?? [],
            Networks = Networks(item),
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
        if (!KeyIntegrity.IsId(id))
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

    private List<ApiKeySecret> Secrets(SettingsReader item)
    {
        var secrets = new List<ApiKeySecret>();
        var hashes = item.List("Hashes") ?? [];
        foreach (var text in hashes.Concat(item.Text("Hash") is { } hash ? [hash] : []))
        {
            if (ApiKeyHash.TryParse(text, out var parsed))
            {
                secrets.Add(new ApiKeySecret { Hash = parsed });
            }
            else
            {
                item.Problem(item.Has("Hashes") ? "Hashes" : "Hash", HashForm);
            }
        }

        if (item.Text("Key") is { } plain && PlainText(item, plain) is { } secret)
        {
            secrets.Add(secret);
        }

        if (secrets.Count == 0 && !item.Has("Hash") && hashes.Count == 0 && !item.Has("Key"))
        {
            item.Problem("Hash", "is missing; " + HashForm[(HashForm.IndexOf(';', StringComparison.Ordinal) + 2)..]);
        }

        if (!secrets.TrueForAll(secret => _hashes.Add(secret.Hash)))
        {
            item.Problem("Hash", "is the hash of another key too; every key has secrets of its own.");
        }

        return secrets;
    }

    private ApiKeySecret? PlainText(SettingsReader item, string plain)
    {
        if (!isDevelopment)
        {
            item.Problem("Key", "is a key in plain text, which is refused outside Development; write its Hash, and issue a new key because this one was exposed.");
        }
        else if (!formats.TryParse(plain, out var parsed))
        {
            item.Problem("Key", $"is no key of a configured format ({formats}).");
        }
        else
        {
            return new ApiKeySecret { Hash = hasher.Hash(plain), Hint = parsed.Format.GetHint(plain) };
        }

        return null;
    }

    private ScopeSet Scopes(SettingsReader item)
    {
        var scopes = item.List("Scopes") ?? [];
        foreach (var scope in scopes)
        {
            if (!ScopeSet.IsScope(scope))
            {
                item.Problem("Scopes", $"holds {Shown(scope)}, which is no scope; write resource:action, a bare word, resource:* or *.");
            }
            else if (!catalogue.Knows(scope))
            {
                item.Problem("Scopes", $"holds {Shown(scope)}, which the catalogue does not; declare it under ApiKeyAuth:Scopes or correct it.");
            }
        }

        return ScopeSet.Create(scopes.Where(ScopeSet.IsScope));
    }

    /// <summary>A scope may be named, but a key pasted into the wrong line may not.</summary>
    private string Shown(string scope) => ScopeRules.Quote(formats.Redact(scope));

    private static List<IPNetwork> Networks(SettingsReader item)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in item.List("Networks") ?? [])
        {
            if (IPNetwork.TryParse(text, out var network) && !network.BaseAddress.IsIPv4MappedToIPv6)
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
                networks.Add(new IPNetwork(plain, plain.GetAddressBytes().Length * 8));
            }
            else
            {
                item.Problem("Networks", "holds what is no network; write 203.0.113.0/24, 2001:db8::/48 or one address, with no bits set past the prefix.");
            }
        }

        return networks;
    }

    private static ReadOnlyDictionary<string, string> Metadata(SettingsReader item)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        item.Items("Metadata", note => metadata[note.Name] = note.Own ?? "");
        return metadata.AsReadOnly();
    }

    private static ApiKeyExpiry? Expiry(SettingsReader item) =>
        item.Parse<ApiKeyExpiry>("ExpiresAt", default, "is no expiry; write 2027-12-31 or 2027-12-31T10:00:00Z.", static text =>
            ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry : null);
}
