using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Configuration;

/// <summary>Reads settings that several sections share.</summary>
internal static class SettingsValues
{
    /// <summary>Reads limits written <c>"100/minute;10000/day"</c> or as a list, or null where the setting is absent.</summary>
    public static IReadOnlyList<RateLimit>? RateLimits(SettingsReader reader, string name)
    {
        if (reader.OneOrMany(name) is not { } texts)
        {
            return null;
        }

        try
        {
            return texts.Count == 0 ? [] : RateLimit.ParseList(string.Join(';', texts));
        }
        catch (FormatException exception)
        {
            reader.Problem(name, "is no rate limit. " + exception.Message);
            return null;
        }
    }
}
