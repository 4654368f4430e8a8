using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ApiKeyAuth.Keys;

/// <summary>Represents when a key expires: an instant, or the end of a calendar date in UTC.</summary>
/// <remarks>
/// The text form keeps the form that was given: <c>2027-12-31</c> stays a date, and an instant is ISO 8601 in UTC with whole seconds.
/// </remarks>
public readonly struct ApiKeyExpiry : IEquatable<ApiKeyExpiry>, IParsable<ApiKeyExpiry>
{
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    private readonly long _ticks;

    /// <summary>Initializes an expiry at an instant, truncated to whole seconds.</summary>
    /// <param name="instant">The first moment at which the key is rejected.</param>
    public ApiKeyExpiry(DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        _ticks = utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond);
    }

    /// <summary>Initializes an expiry at the end of a day in UTC.</summary>
    /// <param name="date">The last day on which the key is accepted.</param>
    public ApiKeyExpiry(DateOnly date)
    {
        IsDate = true;
        _ticks = date == DateOnly.MaxValue ? DateTime.MaxValue.Ticks : date.AddDays(1).ToDateTime(TimeOnly.MinValue).Ticks;
    }

    /// <summary>Gets the first moment at which the key is rejected.</summary>
    public DateTimeOffset Instant => new(_ticks, TimeSpan.Zero);

    /// <summary>Gets a value indicating whether the expiry was given as a date.</summary>
    public bool IsDate { get; }

    /// <inheritdoc/>
    public static ApiKeyExpiry Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result)
            ? result
            : throw new FormatException("An expiry must be a date (2027-12-31) or an instant with an offset (2027-12-31T10:00:00Z).");

    /// <summary>Parses a date or an ISO 8601 instant with an offset.</summary>
    /// <param name="s">The text to parse.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The expiry, or the default value if parsing failed.</param>
    /// <returns><see langword="true"/> if the text was parsed.</returns>
    /// <remarks>An instant without an offset is rejected, so that no local time zone is assumed.</remarks>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ApiKeyExpiry result)
    {
        if (DateOnly.TryParseExact(s, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            result = new ApiKeyExpiry(date);
            return true;
        }

        if (DateTimeOffset.TryParseExact(
            s,
            InstantFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant))
        {
            result = new ApiKeyExpiry(instant);
            return true;
        }

        result = default;
        return false;
    }

    /// <summary>Converts an instant to an expiry, cut to whole seconds.</summary>
    /// <param name="instant">The first moment at which the key is rejected.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The constructor is the named alternative.")]
    public static implicit operator ApiKeyExpiry(DateTimeOffset instant) => new(instant);

    /// <inheritdoc/>
    public override string ToString() =>
        IsDate
            ? (Instant == DateTimeOffset.MaxValue ? Instant : Instant.AddDays(-1)).ToString(DateFormat, CultureInfo.InvariantCulture)
            : Instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(ApiKeyExpiry other) => Instant == other.Instant && IsDate == other.IsDate;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ApiKeyExpiry other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Instant, IsDate);

    /// <summary>Compares the instants and whether they were given as dates.</summary>
    public static bool operator ==(ApiKeyExpiry left, ApiKeyExpiry right) => left.Equals(right);

    /// <summary>Compares the instants and whether they were given as dates.</summary>
    public static bool operator !=(ApiKeyExpiry left, ApiKeyExpiry right) => !left.Equals(right);
}
