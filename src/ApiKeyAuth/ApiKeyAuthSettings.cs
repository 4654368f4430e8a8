using System.Globalization;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth;

/// <summary>Reads the options from the app's configuration. What is wrong is collected and reported with the validation, all at once.</summary>
internal sealed class ApiKeyAuthSettings(IConfigurationSection section, SectionProviders providers)
    : IConfigureOptions<ApiKeyAuthOptions>, IConfigureNamedOptions<ApiKeySchemeOptions>
{
    /// <summary>The name of the section of the keys themselves, which their store reads, again and again.</summary>
    private const string KeysName = "Keys";

    /// <summary>The keys.</summary>
    public IConfigurationSection Keys { get; } = section.GetSection(KeysName);

    /// <summary>Gets the configuration providers of the section.</summary>
    public SectionProviders Providers => providers;

    public void Configure(ApiKeyAuthOptions options)
    {
        options.Path = section.Path;
        new SettingsReader(section, options.Problems, providers.Read().Within(section.Path)).ReadWhole(root =>
        {
            root.Section("Format", format => options.Format = ReadFormat(format));
            root.Items("AcceptedFormats", format => options.AcceptedFormats.Add(ReadFormat(format)));
            root.Items("Scopes", scope => ReadScope(scope, options.Scopes), takesValue: true);
            root.Items("Peppers", pepper => ReadPepper(pepper, options.Peppers));
            options.AcceptUnpepperedHashes = root.Has("AcceptUnpepperedHashes") ? root.Flag("AcceptUnpepperedHashes", true) : options.AcceptUnpepperedHashes;
            root.Section("Cache", cache => ReadCache(cache, options.Cache));
            root.Section("Nodes", nodes => options.Nodes.Lease = nodes.Duration("Lease", options.Nodes.Lease));
            root.Section("RateLimiting", limiting => ReadRateLimiting(limiting, options.RateLimiting));
            root.Section("Usage", usage => UsageSettings.Read(usage, options.Usage));
            root.Section("Management", management => ManagementSettings.Read(management, options.Management));
            root.Section("Errors", errors => ReadErrors(errors, options.Errors));
            root.Items("Schemes", scheme => ReadSchemeName(scheme, options.ConfiguredSchemes), isNamed: true);
            _ = root.Has(KeysName);
        });
    }

    public void Configure(string? name, ApiKeySchemeOptions options)
    {
        if (!string.IsNullOrEmpty(name) && section.GetSection("Schemes").GetSection(name) is var scheme && scheme.Exists())
        {
            // Problems were collected when the schemes were counted.
            new SettingsReader(scheme, []).ReadWhole(reader => ReadScheme(reader, options));
        }
    }

    public void Configure(ApiKeySchemeOptions options) => Configure(Options.DefaultName, options);

    private static ApiKeyFormat ReadFormat(SettingsReader reader)
    {
        var defaults = new ApiKeyFormat();
        return new ApiKeyFormat
        {
            Prefix = reader.Text("Prefix") ?? defaults.Prefix,
            Environments = reader.List("Environments") ?? defaults.Environments,
            Encoding = reader.Parse("Encoding", defaults.Encoding, "is neither Base62 nor Hex.", Named<ApiKeyEncoding>),
            SecretBytes = reader.Number("SecretBytes", defaults.SecretBytes),
            Checksum = reader.Flag("Checksum", defaults.Checksum),
        };
    }

    private static void ReadScope(SettingsReader reader, IList<ScopeDefinition> scopes)
    {
        var word = reader.Own;
        var definition = string.IsNullOrEmpty(word) ? ReadScopeSection(reader) : new ScopeDefinition { Name = word };
        if (ScopeSet.IsScope(definition.Name))
        {
            scopes.Add(definition);
        }
        else if (string.IsNullOrEmpty(word))
        {
            reader.Problem("Name", "is missing or " + SettingsReader.ScopeForm);
        }
        else
        {
            reader.Problem(SettingsReader.ScopeForm);
        }
    }

    private static ScopeDefinition ReadScopeSection(SettingsReader reader) => new()
    {
        Name = reader.Text("Name") ?? "",
        Description = reader.Text("Description") ?? "",
        Implies = reader.Scopes("Implies"),
        RateLimits = SettingsValues.RateLimits(reader, "RateLimits") ?? [],
        GrantedByDefault = reader.Flag("GrantedByDefault", false),
    };

    private static void ReadSchemeName(SettingsReader reader, ISet<string> names)
    {
        ReadScheme(reader, new ApiKeySchemeOptions());
        if (reader.Name.All(char.IsAsciiDigit))
        {
            // What a list looks like: its items are named 0, 1 and so on.
            reader.Problem("is an item of a list; write Schemes as a section whose members have the names of the schemes.");
        }
        else
        {
            names.Add(reader.Name);
        }
    }

    private static void ReadPepper(SettingsReader reader, IList<ApiKeyPepper> peppers)
    {
        var id = reader.Text("Id");
        var secret = reader.Text("Secret");
        var retired = reader.Flag("Retired", false);
        var bytes = new byte[(secret?.Length ?? 0) + 3];
        if (secret is null || !Convert.TryFromBase64String(secret, bytes, out var length) || length < 32)
        {
            reader.Problem("Secret", "is no pepper; write at least 32 random bytes as base64, such as `openssl rand -base64 32` prints.");
            return;
        }

        try
        {
            peppers.Add(new ApiKeyPepper(id ?? "", bytes.AsSpan(0, length), retired));
        }
        catch (ArgumentException)
        {
            reader.Problem("Id", "is missing or no id; write 1 to 64 of A-Z a-z 0-9 . _ - and never change it.");
        }
    }

    private static void ReadCache(SettingsReader reader, Stores.ApiKeyCacheOptions cache)
    {
        cache.KnownKeyLifetime = reader.Duration("KnownKeyLifetime", cache.KnownKeyLifetime);
        cache.UnknownKeyLifetime = reader.Duration("UnknownKeyLifetime", cache.UnknownKeyLifetime);
        cache.MaxStaleness = reader.Duration("MaxStaleness", cache.MaxStaleness);
        cache.StoreTimeout = reader.Duration("StoreTimeout", cache.StoreTimeout);
        cache.MaxKnownKeys = reader.Number("MaxKnownKeys", cache.MaxKnownKeys);
        cache.MaxUnknownKeys = reader.Number("MaxUnknownKeys", cache.MaxUnknownKeys);
    }

    private static void ReadRateLimiting(SettingsReader reader, ApiKeyRateLimitOptions limiting)
    {
        limiting.Default = SettingsValues.RateLimits(reader, "Default") ?? limiting.Default;
        limiting.PerTenant = SettingsValues.RateLimits(reader, "PerTenant") ?? limiting.PerTenant;
        reader.Items("Tenants", tenant =>
        {
            var limits = SettingsValues.RateLimits(tenant, "RateLimits") ?? [];
            if (tenant.Text("Id") is not { Length: > 0 } id)
            {
                tenant.Problem("Id", "is missing; name the tenant.");
            }
            else if (!limiting.Tenants.TryAdd(id, limits))
            {
                tenant.Problem("Id", "is the id of another tenant too; write its limits once.");
            }
        });
        limiting.FailedAuthentications = reader.Text("FailedAuthentications") is "none"
            ? null
            : reader.Parse("FailedAuthentications", limiting.FailedAuthentications ?? default, "is no rate limit; write \"100/minute\", or \"none\" for no limit.", static text =>
                RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null);
        limiting.Headers = reader.Parse("Headers", limiting.Headers, "is none of None, XRateLimit, Ietf and Both.", Named<RateLimitHeaderStyle>);
        limiting.ChargeRefusedRequests = reader.Flag("ChargeRefusedRequests", limiting.ChargeRefusedRequests);
    }

    private static void ReadErrors(SettingsReader reader, Errors.ApiKeyErrorOptions errors)
    {
        errors.FoldExpired = reader.Flag("FoldExpired", errors.FoldExpired);
        errors.FoldWrongAudience = reader.Flag("FoldWrongAudience", errors.FoldWrongAudience);
        errors.FoldMissing = reader.Flag("FoldMissing", errors.FoldMissing);
    }

    private static void ReadScheme(SettingsReader reader, ApiKeySchemeOptions scheme)
    {
        scheme.Bearer = reader.Flag("Bearer", scheme.Bearer);
        scheme.Header = Optional(reader, "Header", scheme.Header);
        scheme.UnsafeQueryParameter = Optional(reader, "UnsafeQueryParameter", scheme.UnsafeQueryParameter);
        foreach (var environment in reader.List("Environments") ?? [])
        {
            scheme.Environments.Add(environment);
        }

        scheme.Audience = Optional(reader, "Audience", scheme.Audience);
        scheme.Realm = Optional(reader, "Realm", scheme.Realm);
    }

    /// <summary>Reads a name that an empty value or null switches off.</summary>
    private static string? Optional(SettingsReader reader, string name, string? otherwise) =>
        reader.Names(name) ? reader.Text(name) is { Length: > 0 } text ? text : null : otherwise;

    /// <summary>Reads one name: the framework's parser takes numbers and sums of names too.</summary>
    private static T? Named<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null;
}
