using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Keys;

/// <summary>The formats an app reads: the one it issues, and those it accepts besides, for imported keys.</summary>
public sealed class ApiKeyFormats
{
    private readonly ApiKeyFormat[] _all;
    private readonly ApiKeyRedactor _redactor;

    /// <summary>Puts formats together; where several read the same text, the earlier one does.</summary>
    /// <exception cref="ArgumentException">A format is wrong, the issuing one has neither prefix nor environments, or two have the same shape.</exception>
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

    /// <summary>The format of new keys.</summary>
    public ApiKeyFormat Issuing => _all[0];

    /// <summary>Every format that is read, the issuing one first.</summary>
    public IReadOnlyList<ApiKeyFormat> All => _all;

    /// <summary>The length in characters of the longest key of any format.</summary>
    public int MaxLength { get; }

    /// <summary>Reads a key of the first format it fits.</summary>
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

    /// <summary>Tells whether a text was meant to be a key of any of the formats, well-formed or not.</summary>
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
    /// <remarks>Finds what <see cref="ApiKeyFormat.Redact"/> finds, and misses what it misses.</remarks>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _redactor.Redact(text);
    }

    /// <summary>Shows the shapes.</summary>
    public override string ToString() => string.Join(", ", _all.Select(format => format.ToString()));

    /// <summary>Every environment that a format names, once.</summary>
    internal IReadOnlyList<string> GetEnvironments() => [.. _all.SelectMany(format => format.Environments).Distinct(StringComparer.Ordinal)];

    /// <summary>Tells what is wrong with formats of which the first is the issuing one.</summary>
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
            errors.Add($"The issuing format {formats[0]} has neither prefix nor environments: set ApiKeyFormat.Prefix, and accept the bare shape for imported keys only.");
        }

        errors.AddRange(formats.GroupBy(GetShapeKey, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same =>
            $"The formats {string.Join(" and ", same)} have the same shape: keep one of them."));
        return errors;
    }

    private static string GetShapeKey(ApiKeyFormat format) =>
        $"{format.Prefix}/{string.Join('|', format.Environments.Order(StringComparer.Ordinal))}/{format.Encoding}/{format.SecretBytes}/{format.Checksum}";
}
