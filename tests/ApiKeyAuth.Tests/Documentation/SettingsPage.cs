using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Writes the tables of the settings from the code.</summary>
internal static partial class SettingsPage
{
    /// <summary>The options that contain the defaults of a section, and the documentation of its settings.</summary>
    private static readonly Dictionary<string, object> Options = CreateOptions();

    // Settings without a property of the same name.
    private static readonly Dictionary<string, (string Default, string Meaning)> Others = new()
    {
        ["Peppers[]:Id"] = ("required", "The name in stored hashes: 1 to 64 of the characters `A-Z a-z 0-9 . _ -`. Never change it."),
        ["Peppers[]:Secret"] = ("required", "At least 32 random bytes as base64, such as the output of `openssl rand -base64 32`."),
        ["Peppers[]:Retired"] = ("`false`", "Whether the pepper only verifies existing hashes."),
        ["RateLimiting:Tenants[]:Id"] = ("required", "The ID of the tenant."),
        ["RateLimiting:Tenants[]:RateLimits"] = ("none", "The limits that all keys of the tenant share, in place of `PerTenant`."),
        ["Management:UuidIds"] = ("`false`", "Whether the IDs of new keys are UUIDs in place of `key_…`."),
        ["Alerts:HighUsage:Threshold"] = ("required", "The number of requests that raises an alert."),
        ["Alerts:HighUsage:Period"] = ("required", "Whether requests are counted by the hour or by the day (UTC)."),
        ["Alerts:Failures:Threshold"] = ("required", "The number of failed requests (status 400 or higher) that raises an alert."),
        ["Alerts:Failures:Period"] = ("required", "Whether requests are counted by the hour or by the day (UTC)."),
        ["Keys[]:Hash"] = ("required", "The hash of the secret: `sha256:` and 64 hexadecimal digits."),
        ["Keys[]:Hashes"] = ("none", "The hashes of several secrets of one key, such as during a rotation."),
        ["HashAlgorithms[]:Name"] = ("required", "The name in stored hashes: up to 32 lowercase letters, digits and dashes. Never change it."),
        ["Keys[]:Prefix"] = ("none", "How the key starts, so that a key that no accepted format can read stops the app. It is not stored."),
        ["Keys[]:Key"] = ("none", "The secret in plain text, in Development only."),
    };

    /// <summary>Writes one table for each section.</summary>
    public static string Write(IReadOnlyList<ProbedSetting> settings)
    {
        var sections = settings.GroupBy(setting => setting.Section).OrderBy(section => section.Key, StringComparer.Ordinal);
        return string.Join("\n\n", sections.Select(section => string.Join('\n',
        [
            section.Key.Length == 0 ? "## The section itself" : $"## {section.Key}",
            "",
            "| setting | type | range | default | meaning |",
            "| --- | --- | --- | --- | --- |",
            .. section.OrderBy(setting => setting.Name, StringComparer.Ordinal).Select(WriteRow),
        ])));
    }

    /// <summary>Gets the default and the meaning of a setting as Markdown.</summary>
    public static (string Default, string Meaning) Describe(ProbedSetting setting)
    {
        if (Others.TryGetValue(setting.Path, out var other))
        {
            return other;
        }

        var options = Options[setting.Section];
        if (options is ApiKeyAlertOptions alerts && typeof(ApiKeyAlertSettings).GetProperty(setting.Name) is not null)
        {
            options = alerts.Default;
        }

        if (setting.Section == "AcceptedFormats[]" && FindProperty(options, setting.Name) is null)
        {
            options = new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base62 };
        }

        var property = FindProperty(options, setting.Name)
            ?? throw new InvalidOperationException($"Describe the setting {setting.Path}, which has no property.");
        var isRequired = Attribute.IsDefined(property, typeof(System.Runtime.CompilerServices.RequiredMemberAttribute));
        var summary = XmlDocumentation.GetSummary($"P:{property.DeclaringType!.FullName}.{property.Name}");
        return (isRequired ? "required" : SettingValue.FormatDefault(property.GetValue(options)), ToMeaning(summary));
    }

    private static string WriteRow(ProbedSetting setting)
    {
        var (value, meaning) = Describe(setting);
        return $"| `{setting.Path}` | {setting.Type} | {setting.Range} | {value} | {meaning} |";
    }

    private static PropertyInfo? FindProperty(object options, string name) =>
        options.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    /// <summary>Turns a summary such as "Gets or sets a value indicating whether …" into "Whether …", without the default.</summary>
    private static string ToMeaning(string summary)
    {
        var text = Start().Replace(Default().Replace(summary, ""), "").Trim();
        return char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..].Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static Dictionary<string, object> CreateOptions()
    {
        var options = new ApiKeyAuthOptions();
        return new()
        {
            [""] = options,
            ["Format"] = options.Format,
            ["AcceptedFormats[]"] = options.Format,
            ["HashAlgorithms[]"] = new Sha256PartHashAlgorithm { Name = "", Separator = ':' },
            ["LeakReports"] = options.LeakReports,
            ["Scopes[]"] = new ScopeDefinition { Name = "" },
            ["Schemes:{name}"] = new ApiKeySchemeOptions(),
            ["Cache"] = options.Cache,
            ["Backplane"] = options.Backplane,
            ["RateLimiting"] = options.RateLimiting,
            ["Usage"] = options.Usage,
            ["Management"] = options.Management,
            ["Errors"] = options.Errors,
            ["Alerts"] = new ApiKeyAlertOptions(),
            ["Alerts:Webhooks:{name}"] = new ApiKeyWebhookOptions { Name = "", Url = "" },
            ["Keys[]"] = new ApiKey { Id = "" },
        };
    }

    [GeneratedRegex("^Gets (?:or sets )?(?:a value indicating (?=whether))?")]
    private static partial Regex Start();

    [GeneratedRegex(@"(?<=[.;]) ?(?:The|By) default [^.]*\.(?! ?[a-z])")]
    private static partial Regex Default();
}
