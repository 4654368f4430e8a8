using ApiKeyAuth.Alerts.Settings;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Schemes;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Reads what all schemes share from the settings, and validates it. Each feature reads its own section.</summary>
/// <param name="source">The settings, or null if the app is configured in code.</param>
/// <param name="hasAlerts">Whether the app has alerts.</param>
internal sealed class ApiKeyAuthOptionsSetup(SettingsSource? source, bool hasAlerts)
    : IConfigureOptions<ApiKeyAuthOptions>, IValidateOptions<ApiKeyAuthOptions>
{
    /// <summary>The name of the section of the keys, which their store reads, also after changes.</summary>
    public const string KeysSectionName = "Keys";

    private static readonly string[] FeatureSectionNames =
    [
        ApiKeyCacheOptionsSetup.SectionName, ApiKeyBackplaneOptionsSetup.SectionName, ApiKeyRateLimitOptionsSetup.SectionName,
        ApiKeyUsageOptionsSetup.SectionName, ApiKeyManagementOptionsSetup.SectionName, ApiKeyErrorOptionsSetup.SectionName,
        ApiKeyAlertOptionsSetup.SectionName, ApiKeyLeakReportOptionsSetup.SectionName, KeysSectionName,
    ];

    private ApiKeyAuthOptions? _validated;

    /// <inheritdoc/>
    /// <remarks>Problems with the settings are found by the validation, which reports them with all others.</remarks>
    public void Configure(ApiKeyAuthOptions options) => source?.Read(reader => Read(reader, options));

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiKeyAuthOptions options)
    {
        _validated = options;
        string[] problems =
        [
            .. source?.Read(reader => Read(reader, new ApiKeyAuthOptions())) ?? [],
            .. FindProblems(options).Select(problem => $"{SettingsSource.GetPath(source)}:{problem}"),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Gets the options even if they are invalid, for checks that find further problems.</summary>
    public static ApiKeyAuthOptions GetEvenIfInvalid(IServiceProvider services)
    {
        try
        {
            return services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        }
        catch (OptionsValidationException)
        {
            if (services.GetRequiredService<ApiKeyAuthOptionsSetup>()._validated is { } invalid)
            {
                return invalid;
            }

            throw;
        }
    }

    private static IEnumerable<string> FindProblems(ApiKeyAuthOptions options) =>
    [
        .. FindFormatProblems([options.Format, .. options.AcceptedFormats]),
        .. FindScopeProblems(options),
        .. FindPepperProblems(options),
        .. HashAlgorithmRules.FindErrors([.. options.HashAlgorithms]),
        .. FindSchemeProblems(options),
    ];

    private void Read(SettingsReader reader, ApiKeyAuthOptions options)
    {
        reader.ReadSection("Format", format => options.Format = KeySettings.ReadFormat(format));
        reader.ReadItems("AcceptedFormats", format => options.AcceptedFormats.Add(KeySettings.ReadAcceptedFormat(format)));
        reader.ReadItems("Scopes", scope => KeySettings.ReadScope(scope, options.Scopes), takesValue: true);
        reader.ReadItems("Peppers", pepper => KeySettings.ReadPepper(pepper, options.Peppers));
        options.AcceptUnpepperedHashes = reader.Has("AcceptUnpepperedHashes")
            ? reader.ReadBoolean("AcceptUnpepperedHashes", true)
            : options.AcceptUnpepperedHashes;
        reader.ReadItems(
            "HashAlgorithms", algorithm => KeySettings.ReadHashAlgorithm(algorithm, options.HashAlgorithms), takesValue: true);
        reader.ReadItems(
            ApiKeySchemeOptionsSetup.SectionName, scheme => ReadSchemeName(scheme, options.ConfiguredSchemes), isNamed: true);
        foreach (var section in FeatureSectionNames)
        {
            _ = reader.Has(section);
        }

        if (!hasAlerts && reader.Has(ApiKeyAlertOptionsSetup.SectionName))
        {
            reader.AddProblem(
                ApiKeyAlertOptionsSetup.SectionName,
                "has no effect without AddAlerts(); call AddApiKeyAuth(…).AddAlerts(), or remove the section.");
        }
    }

    private static void ReadSchemeName(SettingsReader reader, ISet<string> names)
    {
        ApiKeySchemeOptionsSetup.Read(reader, new ApiKeySchemeOptions());
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

    /// <summary>Validates the scopes. Messages name a scope, but a key that was pasted in its place is masked.</summary>
    private static IEnumerable<string> FindScopeProblems(ApiKeyAuthOptions options)
    {
        var redact = ApiKeyFormats.FindErrors([options.Format, .. options.AcceptedFormats]).Count == 0
            ? new ApiKeyFormats(options.Format, options.AcceptedFormats)
            : new ApiKeyFormats(new ApiKeyFormat());
        return ScopeCatalog.Validate([.. options.Scopes]).Select(problem => $"Scopes: {redact.Redact(problem)}");
    }

    private static string[] FindFormatProblems(AcceptedApiKeyFormat[] formats)
    {
        string[] single =
        [
            .. formats.Index().SelectMany(format => FindFormatProblems(
                format.Item, format.Index == 0 ? "Format" : $"AcceptedFormats:{format.Index - 1}")),
        ];
        return single.Length > 0 ? single : [.. ApiKeyFormats.FindErrors(formats).Select(problem => $"Format: {problem}")];
    }

    private static IEnumerable<string> FindFormatProblems(AcceptedApiKeyFormat? format, string setting) =>
        (format?.Validate() ?? []).Select(problem => ToSettingName(problem, setting));

    /// <summary>
    /// Replaces the name of a format's property, such as <c>ApiKeyFormat.Environments[0]</c>, with the name of the setting.
    /// </summary>
    private static string ToSettingName(string problem, string setting)
    {
        var end = problem.IndexOf(' ', StringComparison.Ordinal);
        var property = problem[(problem.IndexOf('.', StringComparison.Ordinal) + 1)..end];
        var isAcceptedPrefix = setting != "Format" && problem.StartsWith("ApiKeyFormat.Prefix ", StringComparison.Ordinal);
        var hint = isAcceptedPrefix
            ? " For keys that were issued elsewhere, also set Alphabet and Length."
            : "";
        return $"{setting}:{property.Replace('[', ':').TrimEnd(']')}{problem[end..]}{hint}";
    }

    private static IEnumerable<string> FindPepperProblems(ApiKeyAuthOptions options)
    {
        string? problem = null;
        try
        {
            _ = new ApiKeyHasher(options.Peppers, options.AcceptUnpepperedHashes);
        }
        catch (ArgumentException exception)
        {
            // The framework appends the name of the parameter, which is removed.
            problem = $"Peppers: {exception.Message.Split(" (Parameter", 2)[0]}";
        }

        return problem is null ? [] : [problem];
    }

    private static IEnumerable<string> FindSchemeProblems(ApiKeyAuthOptions options) =>
        options.AddedSchemes.CountBy(scheme => scheme, StringComparer.OrdinalIgnoreCase)
            .Where(count => count.Value > 1)
            .Select(count => $"Schemes: {count.Key} is added {count.Value} times; call AddScheme once for each name.");
}
