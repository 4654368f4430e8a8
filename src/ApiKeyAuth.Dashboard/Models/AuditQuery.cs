using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the filters of the audit log, which are in its URL.</summary>
internal sealed record AuditQuery
{
    private const string DateFormat = "yyyy-MM-dd";

    public string? KeyId { get; init; }

    public string? Action { get; init; }

    public string? Actor { get; init; }

    public string? Address { get; init; }

    /// <summary>Gets the first day, in UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Gets the last day, in UTC.</summary>
    public DateOnly? To { get; init; }

    public bool HasFilter => this != new AuditQuery();

    public static AuditQuery Parse(IQueryCollection query) => new()
    {
        KeyId = ReadText(query["key"]),
        Action = ReadText(query["action"]),
        Actor = ReadText(query["actor"]),
        Address = ReadText(query["address"]),
        From = ReadDate(query["from"]),
        To = ReadDate(query["to"]),
    };

    public static string? Format(DateOnly? date) => date?.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset ToTime(DateOnly date) => new(date, TimeOnly.MinValue, TimeSpan.Zero);

    public string ToQueryString(string? cursor = null)
    {
        var builder = new QueryBuilder();
        foreach (var (name, value) in new[]
        {
            ("key", KeyId), ("action", Action), ("actor", Actor), ("address", Address), ("from", Format(From)), ("to", Format(To)),
            ("cursor", cursor),
        })
        {
            if (value is not null)
            {
                builder.Add(name, value);
            }
        }

        return builder.ToString();
    }

    private static string? ReadText(string? text) => text?.Trim() is { Length: > 0 and <= 400 } value ? value : null;

    // The year allows to add a day.
    private static DateOnly? ReadDate(string? text) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year < 9999
            ? date
            : null;
}
