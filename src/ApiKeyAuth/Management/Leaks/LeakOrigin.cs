using System.Text.RegularExpressions;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Represents where a secret was found, in a form that can be stored and logged: never a path or a query.</summary>
internal sealed partial record LeakOrigin
{
    private const string Unknown = "unknown";

    /// <summary>Gets the kind of place, or <c>unknown</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the host, or <c>unknown</c>.</summary>
    public required string Host { get; init; }

    /// <summary>Reads the origin of a report. Values with unexpected characters are unknown, and keys in them are masked.</summary>
    public static LeakOrigin Read(ApiKeyLeakReport report, ApiKeyFormats formats) => new()
    {
        Source = report.Source is { } source && SourceRegex().IsMatch(source) ? formats.Redact(source) : Unknown,
        Host = Uri.TryCreate(report.Url, UriKind.Absolute, out var url) && HostRegex().IsMatch(url.IdnHost)
            ? formats.Redact(url.IdnHost)
            : Unknown,
    };

    /// <summary>Returns the host, followed by the source.</summary>
    public override string ToString() => $"{Host} ({Source})";

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SourceRegex();

    [GeneratedRegex(@"\A[A-Za-z0-9.:\[\]-]{1,253}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostRegex();
}
