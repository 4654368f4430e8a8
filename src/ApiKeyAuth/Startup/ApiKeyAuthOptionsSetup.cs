using System.Globalization;
using ApiKeyAuth.Alerts.Settings;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Binds the options to the app's configuration. Problems are collected and reported together by the validation.</summary>
internal sealed class ApiKeyAuthOptionsSetup(IConfigurationSection section, SectionProviders providers, bool hasAlerts)
    : IConfigureOptions<ApiKeyAuthOptions>, IConfigureNamedOptions<ApiKeySchemeOptions>
{
    /// <summary>The name of the section of the keys, which their store reads, also after changes.</summary>
    private const string KeysSectionName = "Keys";

    /// <summary>Gets the section of the keys.</summary>
    public IConfigurationSection KeysSection { get; } = section.GetSection(KeysSectionName);

    /// <summary>Gets the configuration providers of the section.</summary>
    public SectionProviders Providers => providers;

    public void Configure(ApiKeyAuthOptions options)
    {
        options.Path = section.Path;
        new SettingsReader(section, options.ConfigurationProblems, providers.ReadLayers().Within(section.Path)).ReadAll(root =>
        {
            root.ReadSection("Format", format => options.Format = ReadFormat(format));
            root.ReadItems("AcceptedFormats", format => options.AcceptedFormats.Add(ReadAcceptedFormat(format)));
            root.ReadItems("Scopes", scope => ReadScope(scope, options.Scopes), takesValue: true);
            root.ReadItems("Peppers", pepper => ReadPepper(pepper, options.Peppers));
            options.AcceptUnpepperedHashes = root.Has("AcceptUnpepperedHashes")
                ? root.ReadBoolean("AcceptUnpepperedHashes", true)
                : options.AcceptUnpepperedHashes;
            root.ReadSection("Cache", cache => ReadCache(cache, options.Cache));
            root.ReadSection(
                "Backplane", backplane => options.Backplane.Lease = backplane.ReadDuration("Lease", options.Backplane.Lease));
            root.ReadSection("RateLimiting", limiting => ReadRateLimiting(limiting, options.RateLimiting));
            root.ReadSection("Usage", usage => UsageSettings.Read(usage, options.Usage));
            root.ReadSection("Management", management => ManagementSettings.Read(management, options.Management));
            root.ReadSection("Errors", errors => ReadErrors(errors, options.Errors));
            root.ReadItems("Schemes", scheme => ReadSchemeName(scheme, options.ConfiguredSchemes), isNamed: true);
            _ = root.Has(KeysSectionName);
            if (root.Has(ApiKeyAlertOptionsSetup.SectionName) && !hasAlerts)
            {
                root.AddProblem(
                    ApiKeyAlertOptionsSetup.SectionName,
                    "has no effect without AddAlerts(); call AddApiKeyAuth(…).AddAlerts(), or remove the section.");
            }
        });
    }

    public void Configure(string? name, ApiKeySchemeOptions options)
    {
        if (!string.IsNullOrEmpty(name) && section.GetSection("Schemes").GetSection(name) is var scheme && scheme.Exists())
        {
            // Problems are collected by ReadSchemeName.
            new SettingsReader(scheme, []).ReadAll(reader => ReadScheme(reader, options));
        }
    }

    public void Configure(ApiKeySchemeOptions options) => Configure(Options.DefaultName, options);

    private static AcceptedApiKeyFormat ReadAcceptedFormat(SettingsReader reader)
    {
        // All four are read, so that the message about an unknown setting lists them.
        var isExternal = reader.IsSpecified("Alphabet")
            | reader.IsSpecified("Length") | reader.IsSpecified("MinLength") | reader.IsSpecified("MaxLength");
        return isExternal ? ReadExternalFormat(reader) : ReadFormat(reader);
    }

    private static ExternalApiKeyFormat ReadExternalFormat(SettingsReader reader)
    {
        var alphabets = string.Join(", ", Enum.GetNames<ApiKeyAlphabet>());
        if (!reader.Has("Alphabet"))
        {
            reader.AddProblem("Alphabet", $"is missing; set one of {alphabets}.");
        }

        // A number that is invalid is reported once, so it is replaced by a valid one.
        int? ReadLength(string name) => reader.Has(name) ? reader.ReadInt32(name, ExternalFormatRules.MinLength) : null;
        return new ExternalApiKeyFormat
        {
            Prefix = reader.ReadString("Prefix") ?? "",
            Alphabet = reader.ReadValue(
                "Alphabet", ApiKeyAlphabet.Base62, $"must be one of {alphabets}.", ParseEnumName<ApiKeyAlphabet>),
            Length = ReadLength("Length"),
            MinLength = ReadLength("MinLength"),
            MaxLength = ReadLength("MaxLength"),
        };
    }

    private static ApiKeyFormat ReadFormat(SettingsReader reader)
    {
        var defaults = new ApiKeyFormat();
        return new ApiKeyFormat
        {
            Prefix = reader.ReadString("Prefix") ?? defaults.Prefix,
            Environments = reader.ReadList("Environments") ?? defaults.Environments,
            Encoding = reader.ReadValue("Encoding", defaults.Encoding, "must be Base62 or Hex.", ParseEnumName<ApiKeyEncoding>),
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
            // Items of a list are named 0, 1 and so on.
            reader.AddProblem("is an item of a list; write Schemes as a section whose members are named like the schemes.");
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
            reader.AddProblem(
                "Secret",
                "is not a valid pepper; write at least 32 random bytes as base64, such as the output of `openssl rand -base64 32`.");
            return;
        }

        try
        {
            peppers.Add(new ApiKeyPepper(id ?? "", bytes.AsSpan(0, length), retired));
        }
        catch (ArgumentException)
        {
            reader.AddProblem("Id", "is missing or not a valid ID; write 1 to 64 of the characters A-Z a-z 0-9 . _ - and never change it.");
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
                tenant.AddProblem("Id", "is missing; write the ID of the tenant.");
            }
            else if (!limiting.Tenants.TryAdd(id, limits))
            {
                tenant.AddProblem("Id", "is a duplicate; write the rate limits of a tenant once.");
            }
        });
        limiting.FailedAuthentications = reader.ReadString("FailedAuthentications") is "none"
            ? null
            : reader.ReadValue(
                "FailedAuthentications",
                limiting.FailedAuthentications ?? default,
                "is not a valid rate limit; write a rate limit such as \"100/minute\", or \"none\".",
                static text => RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null);
        limiting.Headers = reader.ReadValue(
            "Headers", limiting.Headers, "must be None, XRateLimit, Ietf or Both.", ParseEnumName<RateLimitHeaderStyle>);
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

    /// <summary>Reads one name or a list of names. An empty list, an empty value or null means none.</summary>
    private static IReadOnlyList<string> ReadNames(SettingsReader reader, string name, IReadOnlyList<string> defaultValue) =>
        reader.IsSpecified(name) ? reader.ReadOneOrMany(name) ?? [] : defaultValue;

    /// <summary>Reads a name. An empty value or null sets it to null.</summary>
    private static string? ReadOptionalName(SettingsReader reader, string name, string? defaultValue) =>
        reader.IsSpecified(name) ? reader.ReadString(name) is { Length: > 0 } text ? text : null : defaultValue;

    /// <summary>Parses one name. The framework's parser also accepts numbers and combinations of names.</summary>
    private static T? ParseEnumName<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null;
}
