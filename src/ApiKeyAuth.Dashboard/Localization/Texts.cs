using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Dashboard.Localization;

/// <summary>Represents the texts of a language. The tables are embedded and need no culture data of the system.</summary>
internal sealed class Texts
{
    private const string Key = "key";

    private static readonly string[] Languages = ["en", "vi"];
    private static readonly string[] Nouns = [Key, "token"];

    // The forms of the noun, in the order in which the tables list them.
    private static readonly string[] NounForms = ["{key}", "{keys}", "{Key}", "{Keys}"];

    private readonly FrozenDictionary<string, string> _table;

    private Texts(string language, string noun)
    {
        Language = language;
        Noun = noun;
        _table = Load(language, noun);
    }

    public static IReadOnlyList<Texts> All { get; } =
        [.. Nouns.SelectMany(noun => Languages.Select(language => new Texts(language, noun)))];

    public static Texts English { get; } = All[0];

    /// <summary>Gets the language tag (RFC 5646).</summary>
    public string Language { get; }

    /// <summary>Gets what a key is called: <c>key</c> or <c>token</c>.</summary>
    public string Noun { get; }

    public string Title => this[$"title.{Noun}"];

    public IEnumerable<string> Names => _table.Keys;

    public string this[string name] =>
        _table.TryGetValue(name, out var text) ? text : throw new KeyNotFoundException($"The text {name} does not exist.");

    public string this[string name, params object?[] values] => string.Format(CultureInfo.InvariantCulture, this[name], values);

    /// <summary>Selects the language that a header prefers. The default is English.</summary>
    public static Texts Select(StringValues acceptLanguage, string noun = Key)
    {
        var all = All.Where(texts => texts.Noun == noun).ToArray();
        if (!StringWithQualityHeaderValue.TryParseList([.. acceptLanguage.OfType<string>()], out var languages))
        {
            return all[0];
        }

        foreach (var language in languages.Where(item => item.Quality is not 0).OrderByDescending(item => item.Quality ?? 1))
        {
            var name = language.Value.ToString().Split('-')[0];
            if (all.FirstOrDefault(texts => texts.Language.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }
        }

        return all[0];
    }

    /// <summary>Returns the text of a code, or the code if there is none.</summary>
    public string GetOrDefault(string name, string code) => _table.GetValueOrDefault(name, code);

    /// <summary>Returns a text with a number, whose form depends on it.</summary>
    public string Count(string name, long count) => this[count == 1 ? $"{name}.one" : $"{name}.other", Number(count)];

    public string Number(long value) =>
        value.ToString("N0", CultureInfo.InvariantCulture).Replace(",", this["number.group"], StringComparison.Ordinal);

    public string Decimal(decimal value) =>
        value.ToString("0.#", CultureInfo.InvariantCulture).Replace(".", this["number.decimal"], StringComparison.Ordinal);

    /// <summary>Returns how long ago, or how soon, a time is.</summary>
    public string Relative(DateTimeOffset now, DateTimeOffset time)
    {
        var span = (now - time).Duration();
        if (span < TimeSpan.FromMinutes(1))
        {
            return this["time.now"];
        }

        var (unit, count) = span switch
        {
            { TotalHours: < 1 } => ("minutes", (long)span.TotalMinutes),
            { TotalDays: < 1 } => ("hours", (long)span.TotalHours),
            { TotalDays: < 60 } => ("days", (long)span.TotalDays),
            { TotalDays: < 730 } => ("months", (long)(span.TotalDays / 30)),
            _ => ("years", (long)(span.TotalDays / 365)),
        };
        return this[time <= now ? "time.ago" : "time.in", Count($"time.{unit}", count)];
    }

    private static FrozenDictionary<string, string> Load(string language, string noun)
    {
        using var stream = typeof(Texts).Assembly.GetManifestResourceStream($"Localization/{language}")
            ?? throw new InvalidOperationException($"The assembly does not contain the texts of the language {language}.");
        using var document = JsonDocument.Parse(stream);
        var forms = document.RootElement.GetProperty($"noun.{noun}").GetString()!.Split(' ');
        return document.RootElement.EnumerateObject().ToFrozenDictionary(
            member => member.Name,
            member => NounForms.Zip(forms).Aggregate(
                member.Value.GetString()!, (text, form) => text.Replace(form.First, form.Second, StringComparison.Ordinal)),
            StringComparer.Ordinal);
    }
}
