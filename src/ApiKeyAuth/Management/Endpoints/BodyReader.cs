using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Reads the members of a JSON object strictly: every one that is wrong, unknown or written twice is named, and no value is ever repeated.</summary>
/// <remarks>What is asked for is what the body may hold; a member that was not asked for is refused.</remarks>
public sealed class BodyReader
{
    private const int MaxReportedNames = 20;
    private const int MaxReportedNameLength = 64;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _requested = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    internal BodyReader(JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
            {
                AddProblem(Shorten(member.Name), "is written twice");
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
            problems = reader.GetProblems(static _ => null);
            return value;
        });
        return body.Succeeded && problems.Count > 0 ? Problems.Invalid(problems) : body;
    }

    /// <summary>Names what was not asked for too, and gives all that is wrong by field.</summary>
    /// <param name="explain">Tells of a member why it is not taken, or null where it is unknown.</param>
    internal IReadOnlyDictionary<string, string> GetProblems(Func<string, string?> explain)
    {
        foreach (var name in _members.Keys.Where(name => !_requested.Contains(name)).Take(MaxReportedNames))
        {
            AddProblem(Shorten(name), explain(name) ?? $"is unknown; the body takes {string.Join(", ", _requested)}");
        }

        return _problems;
    }

    /// <summary>Reads a text; null where there is none.</summary>
    public string? GetString(string name) => TakeMember(name) is { } member ? AsString(member) ?? Fail<string>(name, "is no text") : null;

    /// <summary>Reads a text that may not be missing, nor blank; empty where it is wrong.</summary>
    public string GetRequiredString(string name)
    {
        var text = GetString(name);
        if (string.IsNullOrWhiteSpace(text))
        {
            AddProblem(name, "is missing");
        }

        return text ?? "";
    }

    /// <summary>Reads true or false; null where there is neither.</summary>
    public bool? GetBoolean(string name) => TakeMember(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => FailValue<bool>(name, "is neither true nor false"),
    };

    /// <summary>Reads true or false, one of which must be there; false where it is wrong.</summary>
    public bool GetRequiredBoolean(string name)
    {
        var flag = GetBoolean(name);
        if (flag is null)
        {
            AddProblem(name, "is neither true nor false");
        }

        return flag ?? false;
    }

    /// <summary>Reads a whole number of a range; null where there is none.</summary>
    public long? GetInt64(string name, long min, long max) =>
        TakeMember(name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) && number >= min && number <= max ? number
        : FailValue<long>(name, $"is no whole number from {min} to {max}");

    /// <summary>Reads a list of texts; null where there is none.</summary>
    public IReadOnlyList<string>? GetStrings(string name) => GetList(name, "is no list of texts", static text => text);

    /// <summary>Reads a list of rate limits such as <c>500/hour</c>; null where there is none.</summary>
    public IReadOnlyList<RateLimit>? GetRateLimits(string name) =>
        GetList(name, "is no list of rate limits; write [\"500/hour\"]", static text =>
            RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : (RateLimit?)null)?.OfType<RateLimit>().ToList();

    internal IReadOnlyList<System.Net.IPNetwork>? GetNetworks(string name) =>
        GetList(name, "is no list of networks; write [\"203.0.113.0/24\"], with no bit set past the prefix", Networks.Parse)?.OfType<System.Net.IPNetwork>().ToList();

    /// <summary>Reads a date or an instant with its offset; null where there is none.</summary>
    public ApiKeyExpiry? GetExpiry(string name) =>
        GetString(name) is not { } text ? null
        : ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry
        : FailValue<ApiKeyExpiry>(name, "is neither a date (2027-12-31) nor an instant with its offset (2027-12-31T10:00:00Z)");

    /// <summary>Reads an object by a reader that knows its members; null where there is none. A problem names the member behind the object's name and a dot.</summary>
    public T? GetObject<T>(string name, Func<BodyReader, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        if (TakeMember(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            return Fail<T>(name, "is no object");
        }

        var inner = new BodyReader(member);
        var value = read(inner);
        foreach (var (field, fault) in inner.GetProblems(static _ => null))
        {
            AddProblem($"{name}.{field}", fault);
        }

        return value;
    }

    /// <summary>Determines whether the body has a member.</summary>
    internal bool Contains(string name) => _members.ContainsKey(name);

    /// <summary>Reads an object of texts; null in place of one is kept where that is allowed.</summary>
    internal Dictionary<string, string?>? GetStringMap(string name, bool allowsNull)
    {
        if (TakeMember(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            return Fail<Dictionary<string, string?>>(name, "is no object of texts");
        }

        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var note in member.EnumerateObject())
        {
            if (!map.TryAdd(note.Name, AsString(note.Value)))
            {
                AddProblem(name, "holds a name twice");
            }
            else if (map[note.Name] is null && !(allowsNull && note.Value.ValueKind == JsonValueKind.Null))
            {
                AddProblem(name, "holds a value that is no text");
            }
        }

        return map;
    }

    /// <summary>Reads a member of a merge patch (RFC 7396): absent, null or a value.</summary>
    /// <param name="name">The member.</param>
    /// <param name="read">Reads it where it is there.</param>
    public Optional<T> GetOptional<T>(string name, Func<string, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _requested.Add(name);
        if (!_members.ContainsKey(name))
        {
            return default;
        }

        var value = read(name);
        return _problems.ContainsKey(name) ? default : new Optional<T>(value);
    }

    /// <summary>Refuses a member for a reason of the app's own, which follows the member's name: <c>is no twin of yours</c>. What was said of it before stands.</summary>
    public void AddProblem(string name, string fault) => _problems.TryAdd(name, fault);

    private static string? AsString(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    // What a stranger names is kept short, and what is a control character in it is escaped by the writer.
    private static string Shorten(string name) => name.Length <= MaxReportedNameLength ? name : name[..MaxReportedNameLength] + "…";

    private List<T>? GetList<T>(string name, string fault, Func<string, T?> parse)
    {
        if (TakeMember(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            return Fail<List<T>>(name, fault);
        }

        var items = new List<T>();
        foreach (var element in member.EnumerateArray())
        {
            if (AsString(element) is { } text && parse(text) is { } item)
            {
                items.Add(item);
            }
            else
            {
                AddProblem(name, fault);
            }
        }

        return items;
    }

    private JsonElement? TakeMember(string name)
    {
        _requested.Add(name);
        return _members.TryGetValue(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
    }

    private T? Fail<T>(string name, string fault)
        where T : class
    {
        AddProblem(name, fault);
        return null;
    }

    private T? FailValue<T>(string name, string fault)
        where T : struct
    {
        AddProblem(name, fault);
        return null;
    }
}
