using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management;

/// <summary>Reads the members of a JSON object strictly: every one that is wrong, unknown or written twice is named, and no value is ever repeated.</summary>
/// <remarks>What is asked for is what the body may hold; a member that was not asked for is refused.</remarks>
public sealed class BodyReader
{
    private const int MaxNamed = 20;
    private const int MaxName = 64;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    internal BodyReader(JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
            {
                Problem(Shorten(member.Name), "is written twice");
            }
        }
    }

    /// <summary>Reads the body of a request to an endpoint of the app's own: one JSON object of at most 65,536 bytes, announced as JSON.</summary>
    /// <param name="request">The request.</param>
    /// <param name="read">Asks for the members; where one is wrong, what it gives is dropped.</param>
    /// <returns>What was read, or a 400 that names every member that is wrong.</returns>
    public static async Task<ApiKeyResult<T>> ReadAsync<T>(HttpRequest request, Func<BodyReader, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(read);
        IReadOnlyDictionary<string, string> problems = new Dictionary<string, string>();
        var body = await RequestBody.ReadAsync(request, reader =>
        {
            var value = read(reader);
            problems = reader.Finish(static _ => null);
            return value;
        });
        return body.Succeeded && problems.Count > 0 ? Problems.Invalid(problems) : body;
    }

    /// <summary>Names what was not asked for too, and gives all that is wrong by field.</summary>
    /// <param name="explain">Tells of a member why it is not taken, or null where it is unknown.</param>
    internal IReadOnlyDictionary<string, string> Finish(Func<string, string?> explain)
    {
        foreach (var name in _members.Keys.Where(name => !_asked.Contains(name)).Take(MaxNamed))
        {
            Problem(Shorten(name), explain(name) ?? $"is unknown; the body takes {string.Join(", ", _asked)}");
        }

        return _problems;
    }

    /// <summary>Reads a text; null where there is none.</summary>
    public string? Text(string name) => Take(name) is { } member ? AsText(member) ?? Wrong<string>(name, "is no text") : null;

    /// <summary>Reads a text that may not be missing, nor blank; empty where it is wrong.</summary>
    public string RequiredText(string name)
    {
        var text = Text(name);
        if (string.IsNullOrWhiteSpace(text))
        {
            Problem(name, "is missing");
        }

        return text ?? "";
    }

    /// <summary>Reads true or false; null where there is neither.</summary>
    public bool? Flag(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => WrongValue<bool>(name, "is neither true nor false"),
    };

    /// <summary>Reads true or false, one of which must be there; false where it is wrong.</summary>
    public bool RequiredFlag(string name)
    {
        var flag = Flag(name);
        if (flag is null)
        {
            Problem(name, "is neither true nor false");
        }

        return flag ?? false;
    }

    /// <summary>Reads a whole number of a range; null where there is none.</summary>
    public long? Number(string name, long least, long most) =>
        Take(name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) && number >= least && number <= most ? number
        : WrongValue<long>(name, $"is no whole number from {least} to {most}");

    /// <summary>Reads a list of texts; null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name) => List(name, "is no list of texts", static text => text);

    /// <summary>Reads a list of rate limits such as <c>500/hour</c>; null where there is none.</summary>
    public IReadOnlyList<RateLimit>? RateLimits(string name) =>
        List(name, "is no list of rate limits; write [\"500/hour\"]", static text =>
            RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : (RateLimit?)null)?.OfType<RateLimit>().ToList();

    internal IReadOnlyList<System.Net.IPNetwork>? NetworkList(string name) =>
        List(name, "is no list of networks; write [\"203.0.113.0/24\"], with no bit set past the prefix", Networks.Parse)?.OfType<System.Net.IPNetwork>().ToList();

    /// <summary>Reads a date or an instant with its offset; null where there is none.</summary>
    public ApiKeyExpiry? Expiry(string name) =>
        Text(name) is not { } text ? null
        : ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry
        : WrongValue<ApiKeyExpiry>(name, "is neither a date (2027-12-31) nor an instant with its offset (2027-12-31T10:00:00Z)");

    /// <summary>Reads an object by a reader that knows its members; null where there is none. A problem names the member behind the object's name and a dot.</summary>
    public T? Section<T>(string name, Func<BodyReader, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        if (Take(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            return Wrong<T>(name, "is no object");
        }

        var inner = new BodyReader(member);
        var value = read(inner);
        foreach (var (field, fault) in inner.Finish(static _ => null))
        {
            Problem($"{name}.{field}", fault);
        }

        return value;
    }

    /// <summary>Reads the settings of alerts: <c>unusualActivity</c>, <c>highUsage</c> and <c>failures</c>, bare or all of them inside <c>alerts</c>.</summary>
    public ApiKeyAlertSettings Alerts() =>
        _members.ContainsKey("alerts") ? Section("alerts", AlertBodies.Settings) ?? new ApiKeyAlertSettings() : AlertBodies.Settings(this);

    /// <summary>Reads an object of texts; null in place of one is kept where that is allowed.</summary>
    internal Dictionary<string, string?>? Map(string name, bool allowsNull)
    {
        if (Take(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            return Wrong<Dictionary<string, string?>>(name, "is no object of texts");
        }

        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var note in member.EnumerateObject())
        {
            if (!map.TryAdd(note.Name, AsText(note.Value)))
            {
                Problem(name, "holds a name twice");
            }
            else if (map[note.Name] is null && !(allowsNull && note.Value.ValueKind == JsonValueKind.Null))
            {
                Problem(name, "holds a value that is no text");
            }
        }

        return map;
    }

    /// <summary>Reads a member of a merge patch (RFC 7396): absent, null or a value.</summary>
    /// <param name="name">The member.</param>
    /// <param name="read">Reads it where it is there.</param>
    public Change<T> Change<T>(string name, Func<string, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _asked.Add(name);
        if (!_members.ContainsKey(name))
        {
            return default;
        }

        var value = read(name);
        return _problems.ContainsKey(name) ? default : new Change<T>(value);
    }

    /// <summary>Refuses a member for a reason of the app's own, which follows the member's name: <c>is no twin of yours</c>. What was said of it before stands.</summary>
    public void Problem(string name, string fault) => _problems.TryAdd(name, fault);

    private static string? AsText(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    // What a stranger names is kept short, and what is a control character in it is escaped by the writer.
    private static string Shorten(string name) => name.Length <= MaxName ? name : name[..MaxName] + "…";

    private List<T>? List<T>(string name, string fault, Func<string, T?> parse)
    {
        if (Take(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            return Wrong<List<T>>(name, fault);
        }

        var items = new List<T>();
        foreach (var element in member.EnumerateArray())
        {
            if (AsText(element) is { } text && parse(text) is { } item)
            {
                items.Add(item);
            }
            else
            {
                Problem(name, fault);
            }
        }

        return items;
    }

    private JsonElement? Take(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
    }

    private T? Wrong<T>(string name, string fault)
        where T : class
    {
        Problem(name, fault);
        return null;
    }

    private T? WrongValue<T>(string name, string fault)
        where T : struct
    {
        Problem(name, fault);
        return null;
    }
}
