using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>
/// Reads the members of a JSON object strictly: it reports all invalid, unknown and duplicate members, and never repeats a value.
/// </summary>
/// <remarks>A member that is not read is reported as unknown.</remarks>
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
                AddProblem(Shorten(member.Name), "must not be repeated");
            }
        }
    }

    /// <summary>
    /// Reads the body of a request to an app's own endpoint: one JSON object of at most 65,536 bytes with a JSON content type.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="read">The function that reads the members. Its result is discarded if one of them is invalid.</param>
    /// <returns>The result of the function, or a problem with status 400 that lists all invalid members.</returns>
    public static async Task<ApiKeyResult<T>> ReadAsync<T>(HttpRequest request, Func<BodyReader, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(read);
        IReadOnlyDictionary<string, string> problems = new Dictionary<string, string>();
        var json = await RequestBody.ReadJsonAsync(request, isOptional: false);
        if (!json.Succeeded)
        {
            return json.Problem;
        }

        var body = Parse(json.Value, reader =>
        {
            var value = read(reader);
            problems = reader.GetProblems(static _ => null);
            return value;
        });
        return body.Succeeded && problems.Count > 0 ? Problems.Invalid(problems) : body;
    }

    private static ApiKeyResult<T> Parse<T>(byte[] bytes, Func<BodyReader, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = RequestBody.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(new BodyReader(document.RootElement))
                : BodyFault.NotAnObject;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Problems.Malformed("The body must be valid JSON");
        }
    }

    /// <summary>Reports members that were not read, and returns all problems by field.</summary>
    /// <param name="explain">The function that explains why a member is not accepted, or returns null if it is unknown.</param>
    internal IReadOnlyDictionary<string, string> GetProblems(Func<string, string?> explain)
    {
        foreach (var name in _members.Keys.Where(name => !_requested.Contains(name)).Take(MaxReportedNames))
        {
            AddProblem(Shorten(name), explain(name) ?? $"is unknown; the body may contain {string.Join(", ", _requested)}");
        }

        return _problems;
    }

    /// <summary>Reads a string, or null if it is absent.</summary>
    public string? GetString(string name) =>
        TakeMember(name) is { } member ? AsString(member) ?? Fail<string>(name, "must be a string") : null;

    /// <summary>Reads a string that is required and must not be blank. It is empty if it is invalid.</summary>
    public string GetRequiredString(string name)
    {
        var text = GetString(name);
        if (string.IsNullOrWhiteSpace(text))
        {
            AddProblem(name, "is required");
        }

        return text ?? "";
    }

    /// <summary>Reads a Boolean, or null if it is absent.</summary>
    public bool? GetBoolean(string name) => TakeMember(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => FailValue<bool>(name, "must be true or false"),
    };

    /// <summary>Reads a Boolean that is required. It is false if it is invalid.</summary>
    public bool GetRequiredBoolean(string name)
    {
        var flag = GetBoolean(name);
        if (flag is null)
        {
            AddProblem(name, "must be true or false");
        }

        return flag ?? false;
    }

    /// <summary>Reads a whole number in a range, or null if it is absent.</summary>
    public long? GetInt64(string name, long min, long max) =>
        TakeMember(name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) && number >= min && number <= max ? number
        : FailValue<long>(name, $"must be a whole number from {min} to {max}");

    /// <summary>Reads a list of strings, or null if it is absent.</summary>
    public IReadOnlyList<string>? GetStrings(string name) => GetList(name, "must be a list of strings", static text => text);

    /// <summary>Reads a list of rate limits such as <c>500/hour</c>, or null if it is absent.</summary>
    public IReadOnlyList<RateLimit>? GetRateLimits(string name) =>
        GetList(name, "must be a list of rate limits; write [\"500/hour\"]", static text =>
            RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : (RateLimit?)null)?.OfType<RateLimit>().ToList();

    internal IReadOnlyList<System.Net.IPNetwork>? GetNetworks(string name) =>
        GetList(name, "must be a list of networks; write [\"203.0.113.0/24\"], with no bit set after the prefix", Networks.Parse)
            ?.OfType<System.Net.IPNetwork>().ToList();

    /// <summary>Reads a date, or a time with its offset, or null if it is absent.</summary>
    public ApiKeyExpiry? GetExpiry(string name) =>
        GetString(name) is not { } text ? null
        : ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry) ? expiry
        : FailValue<ApiKeyExpiry>(name, "must be a date (2027-12-31) or a time with its offset (2027-12-31T10:00:00Z)");

    /// <summary>
    /// Reads an object, or null if it is absent. A problem is reported by the name of the object, a dot and the name of the member.
    /// </summary>
    /// <param name="name">The name of the object.</param>
    /// <param name="read">The function that reads its members.</param>
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
            return Fail<T>(name, "must be an object");
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

    /// <summary>Reads an object whose members are strings, or null if it is absent. Null members are kept if they are allowed.</summary>
    internal Dictionary<string, string?>? GetStringMap(string name, bool allowsNull)
    {
        if (TakeMember(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            return Fail<Dictionary<string, string?>>(name, "must be an object of strings");
        }

        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var item in member.EnumerateObject())
        {
            if (!map.TryAdd(item.Name, AsString(item.Value)))
            {
                AddProblem(name, "must not repeat a name");
            }
            else if (map[item.Name] is null && !(allowsNull && item.Value.ValueKind == JsonValueKind.Null))
            {
                AddProblem(name, "must contain only strings");
            }
        }

        return map;
    }

    /// <summary>Reads a member of a merge patch (RFC 7396), which may be absent, null or a value.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="read">The function that reads the member if it is present.</param>
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

    /// <summary>Reports a problem of a member. The first problem of a member is kept.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="fault">The problem, which follows the name in a sentence, such as <c>must be one of your twins</c>.</param>
    public void AddProblem(string name, string fault) => _problems.TryAdd(name, fault);

    private static string? AsString(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    // Names come from the caller, so they are shortened. The response writer escapes control characters.
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
