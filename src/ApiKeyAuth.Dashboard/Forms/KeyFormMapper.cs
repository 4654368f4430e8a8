using System.Globalization;
using ApiKeyAuth.Dashboard.Localization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Dashboard.Forms;

/// <summary>Maps a form to a request of the manager. What cannot be parsed becomes a problem of its field.</summary>
internal static class KeyFormMapper
{
    public static NewApiKey ToNewKey(KeyForm form, TimeZoneInfo zone, Texts texts, Dictionary<string, string> problems)
    {
        CheckName(form, texts, problems);
        var (expiresAt, days) = ReadExpiry(form, texts, problems);
        return new()
        {
            Name = form.Name.Trim(),
            Kind = NullIfEmpty(form.Kind),
            Environment = NullIfEmpty(form.Environment),
            OwnerId = NullIfEmpty(form.OwnerId),
            Scopes = form.Scopes,
            RateLimits = Read(form.TryGetRateLimits(), "rateLimits", texts, problems) is { Count: > 0 } limits ? limits : null,
            Networks = Read(form.TryGetNetworks(), "networks", texts, problems),
            Audiences = form.GetAudiences(),
            Metadata = Read(form.TryGetMetadata(), "metadata", texts, problems),
            ExpiresAt = expiresAt,
            ExpiresInDays = days,
            NotBefore = ReadNotBefore(form, zone, texts, problems),
            ExpiresAfterIdleDays = ReadIdleDays(form, texts, problems),
        };
    }

    /// <summary>Creates a change of the fields that differ from the key, so that other values are not checked again.</summary>
    public static ApiKeyPatch ToPatch(
        KeyForm form, ApiKey key, DateTimeOffset now, TimeZoneInfo zone, Texts texts, Dictionary<string, string> problems)
    {
        CheckName(form, texts, problems);
        var before = KeyForm.Read(key, zone);
        var notBefore = ReadNotBefore(form, zone, texts, problems);
        var idleDays = ReadIdleDays(form, texts, problems);
        var limits = Read(form.TryGetRateLimits(), "rateLimits", texts, problems);
        var networks = Read(form.TryGetNetworks(), "networks", texts, problems);
        var metadata = Read(form.TryGetMetadata(), "metadata", texts, problems);
        var (expiresAt, days) = ReadExpiry(form, texts, problems);
        var patch = new ApiKeyPatch();
        patch = form.Name.Trim() == key.Name ? patch : patch with { Name = form.Name.Trim() };
        patch = form.Scopes is null || key.Scopes.ToHashSet(StringComparer.Ordinal).SetEquals(form.Scopes) ? patch
            : patch with { Scopes = new(form.Scopes) };
        patch = limits is null || limits.SequenceEqual(key.RateLimits) ? patch
            : patch with { RateLimits = new(limits.Count > 0 ? limits : null) };
        patch = networks is null || networks.SequenceEqual(key.Networks) ? patch : patch with { Networks = new(networks) };
        patch = form.GetAudiences().SequenceEqual(key.Audiences) ? patch : patch with { Audiences = new(form.GetAudiences()) };
        patch = metadata is null || Normalize(form.Metadata) == before.Metadata ? patch
            : patch with { Metadata = new(CreateMetadataChange(key.Metadata, metadata)) };
        patch = form.NotBefore == before.NotBefore ? patch : patch with { NotBefore = new(notBefore) };
        patch = form.ExpiresAfterIdleDays == before.ExpiresAfterIdleDays ? patch : patch with { ExpiresAfterIdleDays = new(idleDays) };
        return form.Expiry is KeyForm.KeepExpiry or "" ? patch
            : patch with { ExpiresAt = new(days is { } count ? new ApiKeyExpiry(now.AddDays(count)) : expiresAt) };
    }

    /// <summary>Finds the fields in which a form differs from a key that was changed in the meantime.</summary>
    public static IReadOnlyList<string> FindDifferences(KeyForm form, KeyForm now)
    {
        return
        [
            .. from field in new (string Name, string Entered, string Stored)[]
               {
                   ("name", form.Name, now.Name),
                   ("scopes", string.Join(' ', (form.Scopes ?? now.Scopes!).Order()), string.Join(' ', now.Scopes!.Order())),
                   ("notBefore", form.NotBefore, now.NotBefore),
                   ("expiresAfterIdleDays", form.ExpiresAfterIdleDays, now.ExpiresAfterIdleDays),
                   ("rateLimits", form.RateLimits, now.RateLimits),
                   ("networks", form.Networks, now.Networks),
                   ("audiences", form.Audiences, now.Audiences),
                   ("metadata", form.Metadata, now.Metadata),
               }
               where Normalize(field.Entered) != field.Stored
               select field.Name,
        ];
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").Trim();

    private static Dictionary<string, string?> CreateMetadataChange(
        IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        var change = after.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        foreach (var name in before.Keys)
        {
            change.TryAdd(name, null);
        }

        return change;
    }

    private static (ApiKeyExpiry? ExpiresAt, int? Days) ReadExpiry(KeyForm form, Texts texts, Dictionary<string, string> problems)
    {
        if (form.Expiry == KeyForm.DateExpiry)
        {
            if (DateOnly.TryParseExact(form.ExpiryDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return (new ApiKeyExpiry(date), null);
            }

            problems.TryAdd("expiresAt", texts["error.expiresAt"]);
        }

        return (null, int.TryParse(form.Expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null);
    }

    private static DateTimeOffset? ReadNotBefore(KeyForm form, TimeZoneInfo zone, Texts texts, Dictionary<string, string> problems)
    {
        if (form.NotBefore.Length == 0)
        {
            return null;
        }

        if (!FormTime.TryParse(form.NotBefore, zone, out var time))
        {
            problems.TryAdd("notBefore", texts["error.notBefore"]);
        }

        return time;
    }

    private static int? ReadIdleDays(KeyForm form, Texts texts, Dictionary<string, string> problems)
    {
        if (form.ExpiresAfterIdleDays.Length == 0)
        {
            return null;
        }

        if (!int.TryParse(form.ExpiresAfterIdleDays, NumberStyles.None, CultureInfo.InvariantCulture, out var days))
        {
            problems.TryAdd("expiresAfterIdleDays", texts["error.expiresAfterIdleDays"]);
        }

        return days;
    }

    private static void CheckName(KeyForm form, Texts texts, Dictionary<string, string> problems)
    {
        if (string.IsNullOrWhiteSpace(form.Name))
        {
            problems.TryAdd("name", texts["error.name"]);
        }
    }

    private static T? Read<T>(T? value, string field, Texts texts, Dictionary<string, string> problems)
        where T : class
    {
        if (value is null)
        {
            problems.TryAdd(field, texts[$"error.{field}"]);
        }

        return value;
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
