using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Reads and validates the options of rate limiting.</summary>
internal sealed class ApiKeyRateLimitOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyRateLimitOptions>(source, SectionName)
{
    public const string SectionName = "RateLimiting";

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyRateLimitOptions options)
    {
        options.Default = SettingsValues.ReadRateLimits(reader, "Default") ?? options.Default;
        options.PerTenant = SettingsValues.ReadRateLimits(reader, "PerTenant") ?? options.PerTenant;
        reader.ReadItems("Tenants", tenant => ReadTenant(tenant, options));
        options.FailedAuthentications = SettingsValues.ReadOptionalRateLimit(
            reader,
            "FailedAuthentications",
            options.FailedAuthentications,
            "is not a valid rate limit; write a rate limit such as \"100/minute\", or \"none\".");
        options.Headers = reader.ReadValue(
            "Headers",
            options.Headers,
            "must be None, XRateLimit, Ietf or Both.",
            SettingsValues.ParseEnumName<RateLimitHeaderStyle>);
        options.ChargeRejectedRequests = reader.ReadBoolean("ChargeRejectedRequests", options.ChargeRejectedRequests);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyRateLimitOptions options) =>
    [
        .. SettingRules.FindRateLimitProblems("Default", options.Default),
        .. SettingRules.FindRateLimitProblems("PerTenant", options.PerTenant),
        .. options.Tenants.SelectMany(tenant => SettingRules.FindRateLimitProblems($"Tenants:{tenant.Key}", tenant.Value)),
        .. options.FailedAuthentications is { } failed ? SettingRules.FindRateLimitProblems("FailedAuthentications", failed) : [],
    ];

    private static void ReadTenant(SettingsReader reader, ApiKeyRateLimitOptions options)
    {
        var limits = SettingsValues.ReadRateLimits(reader, "RateLimits") ?? [];
        if (reader.ReadString("Id") is not { Length: > 0 } id)
        {
            reader.AddProblem("Id", "is missing; write the ID of the tenant.");
        }
        else if (!options.Tenants.TryAdd(id, limits))
        {
            reader.AddProblem("Id", "is a duplicate; write the rate limits of a tenant once.");
        }
    }
}
