using System.Text.RegularExpressions;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Management.LeakReports;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Reads and validates the options for signed reports of leaked keys. A message never contains a public key.</summary>
internal sealed partial class ApiKeyLeakReportOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyLeakReportOptions>(source, SectionName)
{
    public const string SectionName = "LeakReports";

    private const string ActionMessage = "must be Alert, Rotate or Revoke.";

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyLeakReportOptions options)
    {
        reader.ReadItems(
            "PublicKeys", key => options.PublicKeys[key.Name] = key.Value ?? "", takesValue: true, isNamed: true);
        options.Action = reader.ReadValue("Action", options.Action, ActionMessage, SettingsValues.ParseEnumName<ApiKeyLeakAction>);
        reader.ReadItems("Environments", environment => ReadEnvironment(environment, options), takesValue: true, isNamed: true);
        options.RotationGrace = reader.ReadDuration("RotationGrace", options.RotationGrace);
        options.Limit = SettingsValues.ReadOptionalRateLimit(
            reader, "Limit", options.Limit, "is not a rate limit; write \"60/minute\".") ?? default;
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyLeakReportOptions options) =>
    [
        .. options.PublicKeys.Keys.Where(id => !IdentifierRegex().IsMatch(id))
            .Select(_ => "PublicKeys has an invalid identifier; write 1 to 128 of A-Z a-z 0-9 . _ -"),
        .. options.PublicKeys.Where(key => IdentifierRegex().IsMatch(key.Key) && LeakSignature.ReadPublicKey(key.Value) is null)
            .Select(key => $"PublicKeys:{key.Key} is not a public key; write an ECDSA key on the curve P-256 as PEM, which begins with "
                + "-----BEGIN PUBLIC KEY-----."),
        .. Enum.IsDefined(options.Action) ? Array.Empty<string>() : [$"Action {ActionMessage}"],
        .. options.Environments.Where(environment => !Enum.IsDefined(environment.Value))
            .Select(environment => $"Environments:{environment.Key} {ActionMessage}"),
        .. SettingRules.FindRangeProblems("RotationGrace", options.RotationGrace, TimeSpan.Zero, TimeSpan.FromDays(30)),
        .. options.Limit == default ? ["Limit must be a rate limit; write \"60/minute\"."] : Array.Empty<string>(),
    ];

    private static void ReadEnvironment(SettingsReader environment, ApiKeyLeakReportOptions options)
    {
        if (SettingsValues.ParseEnumName<ApiKeyLeakAction>(environment.Value ?? "") is { } action)
        {
            options.Environments[environment.Name] = action;
        }
        else
        {
            environment.AddProblem(ActionMessage);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdentifierRegex();
}
