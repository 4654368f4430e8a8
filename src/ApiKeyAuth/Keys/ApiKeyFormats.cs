using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Keys;

/// <summary>Represents the key formats of an app: the format of new keys, and the additional formats accepted for other keys.</summary>
public sealed class ApiKeyFormats
{
    private readonly AcceptedApiKeyFormat[] _all;
    private readonly ApiKeyRedactor _redactor;

    /// <summary>
    /// Initializes the formats. If several formats match a text, the first one parses it. An <see cref="ApiKeyFormat"/> goes before an
    /// <see cref="ExternalApiKeyFormat"/>, because its keys may name their environment.
    /// </summary>
    /// <param name="issuing">The format of new keys.</param>
    /// <param name="accepted">The additional formats that are accepted.</param>
    /// <exception cref="ArgumentException">
    /// A format is invalid, the issuing format has neither a prefix nor environments, or two formats have the same shape.
    /// </exception>
    public ApiKeyFormats(ApiKeyFormat issuing, params IEnumerable<AcceptedApiKeyFormat> accepted)
    {
        ArgumentNullException.ThrowIfNull(issuing);
        ArgumentNullException.ThrowIfNull(accepted);
        _all = [issuing, .. accepted.OrderBy(format => format is ExternalApiKeyFormat)];
        if (FindErrors(_all) is [_, ..] errors)
        {
            throw new ArgumentException(string.Join('\n', errors));
        }

        Issuing = issuing;
        MaxKeyLength = _all.Max(format => format.MaxKeyLength);
        _redactor = new ApiKeyRedactor(_all);
    }

    /// <summary>Gets the format of new keys.</summary>
    public ApiKeyFormat Issuing { get; }

    /// <summary>Gets all accepted formats, starting with the issuing one.</summary>
    public IReadOnlyList<AcceptedApiKeyFormat> All => _all;

    /// <summary>Gets the length of the longest key of all formats in characters.</summary>
    public int MaxKeyLength { get; }

    /// <summary>Parses a key with the first format that matches.</summary>
    /// <param name="text">The text to parse.</param>
    /// <param name="parsed">The parsed key, or the default value if parsing failed.</param>
    /// <returns><see langword="true"/> if the text is a key of one of the formats.</returns>
    public bool TryParse(ReadOnlySpan<char> text, out ParsedApiKey parsed)
    {
        foreach (var format in _all)
        {
            if (format.TryParse(text, out parsed))
            {
                return true;
            }
        }

        parsed = default;
        return false;
    }

    /// <summary>Determines whether a text starts like a key of one of the formats, well-formed or not.</summary>
    /// <param name="text">The text to examine.</param>
    /// <returns><see langword="true"/> if a format recognizes the text; see <see cref="AcceptedApiKeyFormat.LooksLike"/>.</returns>
    public bool LooksLike(ReadOnlySpan<char> text)
    {
        foreach (var format in _all)
        {
            if (format.LooksLike(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Masks every key of every format in a text.</summary>
    /// <param name="text">The text to redact.</param>
    /// <returns>The text without keys.</returns>
    /// <remarks>
    /// The limitations of <see cref="ApiKeyFormat.Redact"/> apply. Keys of an <see cref="ExternalApiKeyFormat"/> are masked only if it has
    /// a prefix, and truncated ones only if they have 16 or more characters after it.
    /// </remarks>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _redactor.Redact(text);
    }

    /// <summary>Returns the descriptions of the formats.</summary>
    public override string ToString() => string.Join(", ", _all.Select(format => format.ToString()));

    /// <summary>Returns the distinct environments of all formats.</summary>
    internal IReadOnlyList<string> GetEnvironments() =>
        [.. _all.OfType<ApiKeyFormat>().SelectMany(format => format.Environments).Distinct(StringComparer.Ordinal)];

    /// <summary>Determines whether a key of one of the formats can have an environment, or none if it is null.</summary>
    internal bool HasEnvironment(string? environment) => Array.Exists(_all, format => format.Shape.HasEnvironment(environment));

    /// <summary>Describes why no format matches a text, by the format that comes closest. The description contains no part of it.</summary>
    internal string DescribeFault(ReadOnlySpan<char> text)
    {
        var (closest, fault) = (ToString(), ApiKeyFault.Prefix);
        foreach (var format in _all)
        {
            if (format.Shape.FindFault(text) is var found && found > fault)
            {
                (closest, fault) = (format.ToString()!, found);
            }
        }

        return fault switch
        {
            ApiKeyFault.Length => $"its length does not match {closest}",
            ApiKeyFault.Alphabet => $"it contains a character that does not match {closest}",
            ApiKeyFault.Checksum => $"its checksum does not match {closest}",
            _ => $"its prefix or environment does not match any of {closest}",
        };
    }

    /// <summary>Returns what is wrong with the start and the end of the keys that are stored by their hash, or null.</summary>
    /// <param name="start">The characters with which the keys start, or null if they are unknown.</param>
    /// <param name="end">The characters with which a key ends, or an empty string if they are unknown.</param>
    internal string? FindStoredKeyProblem(string? start, string end = "") =>
        start is not null && TryParse(start, out _)
            ? "is a whole key; write only the characters that all keys of its format start with, and issue a new key because this one was "
                + "exposed"
        : !Array.Exists(_all, format => format.Shape.CanMatch(start ?? "", end))
            ? $"does not match any accepted format ({this}), so the key would never be accepted; correct it, or write the format of "
                + "the key in AcceptedFormats"
        : null;

    /// <summary>Validates formats, of which the first is the issuing one.</summary>
    internal static IReadOnlyList<string> FindErrors(IReadOnlyList<AcceptedApiKeyFormat> formats)
    {
        if (formats.Contains(null!))
        {
            return ["An accepted format is null: remove it."];
        }

        List<string> errors = [.. formats.SelectMany(format => format.Validate()).Distinct()];
        if (errors.Count > 0)
        {
            return errors;
        }

        if (formats[0].Shape.IsBare)
        {
            errors.Add(
                $"The issuing format {formats[0]} has neither a prefix nor environments: set ApiKeyFormat.Prefix, "
                + "and accept formats without a prefix for imported keys only.");
        }

        errors.AddRange(formats.GroupBy(format => format.Shape.GetIdentity(), StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"The formats {string.Join(" and ", group)} have the same shape: keep one of them."));
        return errors;
    }
}
