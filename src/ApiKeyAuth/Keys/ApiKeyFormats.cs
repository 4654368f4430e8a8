using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Keys;

/// <summary>Represents the key formats of an app: the format of new keys, and the additional formats accepted for imported keys.</summary>
public sealed class ApiKeyFormats
{
    private readonly ApiKeyFormat[] _all;
    private readonly ApiKeyRedactor _redactor;

    /// <summary>Initializes the formats. If several formats match a text, the first one parses it.</summary>
    /// <param name="issuing">The format of new keys.</param>
    /// <param name="accepted">The additional formats that are accepted.</param>
    /// <exception cref="ArgumentException">
    /// A format is invalid, the issuing format has neither a prefix nor environments, or two formats have the same shape.
    /// </exception>
    public ApiKeyFormats(ApiKeyFormat issuing, params IEnumerable<ApiKeyFormat> accepted)
    {
        ArgumentNullException.ThrowIfNull(issuing);
        ArgumentNullException.ThrowIfNull(accepted);
        _all = [issuing, .. accepted];
        if (FindErrors(_all) is [_, ..] errors)
        {
            throw new ArgumentException(string.Join('\n', errors));
        }

        MaxLength = _all.Max(format => format.MaxLength);
        _redactor = new ApiKeyRedactor(_all);
    }

    /// <summary>Gets the format of new keys.</summary>
    public ApiKeyFormat Issuing => _all[0];

    /// <summary>Gets all accepted formats, starting with the issuing one.</summary>
    public IReadOnlyList<ApiKeyFormat> All => _all;

    /// <summary>Gets the length of the longest key of all formats in characters.</summary>
    public int MaxLength { get; }

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
    /// <returns><see langword="true"/> if a format recognizes the text; see <see cref="ApiKeyFormat.LooksLike"/>.</returns>
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
    /// <remarks>The limitations of <see cref="ApiKeyFormat.Redact"/> apply.</remarks>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _redactor.Redact(text);
    }

    /// <summary>Returns the descriptions of the formats.</summary>
    public override string ToString() => string.Join(", ", _all.Select(format => format.ToString()));

    /// <summary>Returns the distinct environments of all formats.</summary>
    internal IReadOnlyList<string> GetEnvironments() =>
        [.. _all.SelectMany(format => format.Environments).Distinct(StringComparer.Ordinal)];

    /// <summary>Validates formats, of which the first is the issuing one.</summary>
    internal static IReadOnlyList<string> FindErrors(IReadOnlyList<ApiKeyFormat> formats)
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

        errors.AddRange(formats.GroupBy(GetShapeKey, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"The formats {string.Join(" and ", group)} have the same shape: keep one of them."));
        return errors;
    }

    private static string GetShapeKey(ApiKeyFormat format) =>
        string.Join(
            '/',
            format.Prefix,
            string.Join('|', format.Environments.Order(StringComparer.Ordinal)),
            format.Encoding,
            format.SecretBytes,
            format.Checksum);
}
