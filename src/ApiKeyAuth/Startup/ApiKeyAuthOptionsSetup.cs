using System.Globalization;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Reads the options from the app's configuration. What is wrong is collected and reported with the validation, all at once.</summary>
internal sealed class ApiKeyAuthOptionsSetup(IConfigurationSection section, SectionProviders providers)
    : IConfigureOptions<ApiKeyAuthOptions>, IConfigureNamedOptions<ApiKeySchemeOptions>
{
    /// <summary>The name of the section of the keys themselves, which their store reads, again and again.</summary>
    private const string KeysSectionName = "Keys";

    /// <summary>The keys.</summary>
    public IConfigurationSection KeysSection { get; } = section.GetSection(KeysSectionName);

    /// <summary>Gets the configuration providers of the section.</summary>
    public SectionProviders Providers => providers;

    public void Configure(ApiKeyAuthOptions options)
    {
        options.Path = section.Path;
        new SettingsReader(section, options.ConfigurationProblems, providers.ReadLayers().Within(section.Path)).ReadAll(root =>
        {
            root.ReadSection("Format", format => options.Format = ReadFormat(format));
            root.ReadItems("AcceptedFormats", format => options.AcceptedFormats.Add(ReadFormat(format)));
            root.ReadItems("Scopes", scope => ReadScope(scope, options.Scopes), takesValue: true);
            root.ReadItems("Peppers", pepper => ReadPepper(pepper, options.Peppers));
            options.AcceptUnpepperedHashes = root.Has("AcceptUnpepperedHashes") ? root.ReadBoolean("AcceptUnpepperedHashes", true) : options.AcceptUnpepperedHashes;
            root.ReadSection("Cache", cache => ReadCache(cache, options.Cache));
            root.ReadSection("Backplane", nodes => options.Backplane.Lease = nodes.ReadDuration("Lease", options.Backplane.Lease));
            root.ReadSection("RateLimiting", limiting => ReadRateLimiting(limiting, options.RateLimiting));
            root.ReadSection("Usage", usage => UsageSettings.Read(usage, options.Usage));
            root.ReadSection("Management", management => ManagementSettings.Read(management, options.Management));
            root.ReadSection("Errors", errors => ReadErrors(errors, options.Errors));
            root.ReadItems("Schemes", scheme => ReadSchemeName(scheme, options.ConfiguredSchemes), isNamed: true);
            _ = root.Has(KeysSectionName);
        });
    }

    public void Configure(string? name, ApiKeySchemeOptions options)
    {
        if (!string.IsNullOrEmpty(name) && section.GetSection("Schemes").GetSection(name) is var scheme && scheme.Exists())
        {
            // Problems were collected when the schemes were counted.
            new SettingsReader(scheme, []).ReadAll(reader => ReadScheme(reader, options));
        }
    }

    public void Configure(ApiKeySchemeOptions options) => Configure(Options.DefaultName, options);

    private static ApiKeyFormat ReadFormat(SettingsReader reader)
    {
        var defaults = new ApiKeyFormat();
        return new ApiKeyFormat
        {
            Prefix = reader.ReadString("Prefix") ?? defaults.Prefix,
            Environments = reader.ReadList("Environments") ?? defaults.Environments,
            Encoding = reader.ReadValue("Encoding", defaults.Encoding, "is neither Base62 nor Hex.", ParseEnumName<ApiKeyEncoding>),
            SecretBytes = reader.ReadInt32("SecretBytes", defaults.SecretBytes),
            Checksum = reader.ReadBoolean("Checksum", defaults.Checksum),
        };
    }

    private static void ReadScope(SettingsReader reader, IList<ScopeDefinition> scopes)
    {
        var word = reader.Value;
        var definition = string.IsNullOrEmpty(word) ? ReadScopeSection(reader) : new ScopeDefinition { Name = word };
        if (ScopeSet.IsScope(definition.Name))
        {
            scopes.Add(definition);
        }
        else if (string.IsNullOrEmpty(word))
        {
            reader.AddProblem("Name", "is missing or " + SettingsReader.ScopeFormatMessage);
        }
        else
        {
            reader.AddProblem(SettingsReader.ScopeFormatMessage);
        }
    }

    private static ScopeDefinition ReadScopeSection(SettingsReader reader) => new()
    {
        Name = reader.ReadString("Name") ?? "",
        Description = reader.ReadString("Description") ?? "",
        Implies = reader.ReadScopes("Implies"),
        RateLimits = SettingsValues.ReadRateLimits(reader, "RateLimits") ?? [],
        GrantedByDefault = reader.ReadBoolean("GrantedByDefault", false),
    };

    private static void ReadSchemeName(SettingsReader reader, ISet<string> names)
    {
        ReadScheme(reader, new ApiKeySchemeOptions());
        if (reader.Name.All(char.IsAsciiDigit))
        {
            // What a list looks like: its items are named 0, 1 and so on.
            reader.AddProblem("is an item of a list; write Schemes as a section whose members have the names of the schemes.");
        }
        else
        {
            names.Add(reader.Name);
        }
    }

    private static void ReadPepper(SettingsReader reader, IList<ApiKeyPepper> peppers)
    {
        var id = reader.ReadString("Id");
        var secret = reader.ReadString("Secret");
        var retired = reader.ReadBoolean("Retired", false);
        var bytes = new byte[(secret?.Length ?? 0) + 3];
        if (secret is null || !Convert.TryFromBase64String(secret, bytes, out var length) || length < 32)
        {
            reader.AddProblem("Secret", "is no pepper; write at least 32 random bytes as base64, such as `openssl rand -base64 32` prints.");
            return;
        }

        try
        {
            peppers.Add(new ApiKeyPepper(id ?? "", bytes.AsSpan(0, length), retired));
        }
        catch (ArgumentException)
        {
            reader.AddProblem("Id", "is missing or no id; write 1 to 64 of A-Z a-z 0-9 . _ - and never change it.");
        }
    }

    private static void ReadCache(SettingsReader reader, ApiKeyCacheOptions cache)
    {
        cache.KnownKeyLifetime = reader.ReadDuration("KnownKeyLifetime", cache.KnownKeyLifetime);
        cache.UnknownKeyLifetime = reader.ReadDuration("UnknownKeyLifetime", cache.UnknownKeyLifetime);
        cache.MaxStaleness = reader.ReadDuration("MaxStaleness", cache.MaxStaleness);
        cache.StoreTimeout = reader.ReadDuration("StoreTimeout", cache.StoreTimeout);
        cache.MaxKnownKeys = reader.ReadInt32("MaxKnownKeys", cache.MaxKnownKeys);
        cache.MaxUnknownKeys = reader.ReadInt32("MaxUnknownKeys", cache.MaxUnknownKeys);
    }

    private static void ReadRateLimiting(SettingsReader reader, ApiKeyRateLimitOptions limiting)
    {
        limiting.Default = SettingsValues.ReadRateLimits(reader, "Default") ?? limiting.Default;
        limiting.PerTenant = SettingsValues.ReadRateLimits(reader, "PerTenant") ?? limiting.PerTenant;
        reader.ReadItems("Tenants", tenant =>
        {
            var limits = SettingsValues.ReadRateLimits(tenant, "RateLimits") ?? [];
            if (tenant.ReadString("Id") is not { Length: > 0 } id)
            {
                tenant.AddProblem("Id", "is missing; name the tenant.");
            }
            else if (!limiting.Tenants.TryAdd(id, limits))
            {
                tenant.AddProblem("Id", "is the id of another tenant too; write its limits once.");
            }
        });
        limiting.FailedAuthentications = reader.ReadString("FailedAuthentications") is "none"
            ? null
            : reader.ReadValue("FailedAuthentications", limiting.FailedAuthentications ?? default, "is no rate limit; write \"100/minute\", or \"none\" for no limit.", static text =>
                RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null);
        limiting.Headers = reader.ReadValue("Headers", limiting.Headers, "is none of None, XRateLimit, Ietf and Both.", ParseEnumName<RateLimitHeaderStyle>);
        limiting.ChargeRejectedRequests = reader.ReadBoolean("ChargeRejectedRequests", limiting.ChargeRejectedRequests);
    }

    private static void ReadErrors(SettingsReader reader, ApiKeyErrorOptions errors)
    {
        errors.ReportExpiredAsInvalid = reader.ReadBoolean("ReportExpiredAsInvalid", errors.ReportExpiredAsInvalid);
        errors.ReportWrongAudienceAsInvalid = reader.ReadBoolean("ReportWrongAudienceAsInvalid", errors.ReportWrongAudienceAsInvalid);
        errors.ReportMissingAsInvalid = reader.ReadBoolean("ReportMissingAsInvalid", errors.ReportMissingAsInvalid);
    }

    private static void ReadScheme(SettingsReader reader, ApiKeySchemeOptions scheme)
    {
        scheme.AuthorizationSchemes = ReadNames(reader, "AuthorizationSchemes", scheme.AuthorizationSchemes);
        scheme.Headers = ReadNames(reader, "Headers", scheme.Headers);
        scheme.UnsafeQueryParameter = ReadOptionalName(reader, "UnsafeQueryParameter", scheme.UnsafeQueryParameter);
        foreach (var environment in reader.ReadList("Environments") ?? [])
        {
            scheme.Environments.Add(environment);
        }

        scheme.Audience = ReadOptionalName(reader, "Audience", scheme.Audience);
        scheme.Realm = ReadOptionalName(reader, "Realm", scheme.Realm);
    }

    /// <summary>Reads one name or a list of names. An empty list, an empty value or null stand for none.</summary>
    private static IReadOnlyList<string> ReadNames(SettingsReader reader, string name, IReadOnlyList<string> defaultValue) =>
        reader.IsSpecified(name) ? reader.ReadOneOrMany(name) ?? [] : defaultValue;

    /// <summary>Reads a name that an empty value or null switches off.</summary>
    private static string? ReadOptionalName(SettingsReader reader, string name, string? defaultValue) =>
        reader.IsSpecified(name) ? reader.ReadString(name) is { Length: > 0 } text ? text : null : defaultValue;

    /// <summary>Reads one name: the framework's parser takes numbers and sums of names too.</summary>
    private static T? ParseEnumName<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null;
}
