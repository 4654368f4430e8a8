using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ApiKeyAuth.Keys;

/// <summary>When a key ends: an instant, or a calendar date whose last moment in UTC is the end.</summary>
/// <remarks>It is shown as it was given: <c>2027-12-31</c> stays a date, an instant is ISO 8601 in UTC with whole seconds.</remarks>
public readonly struct ApiKeyExpiry : IEquatable<ApiKeyExpiry>, IParsable<ApiKeyExpiry>
{
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    private readonly long _ticks;

    /// <summary>Ends a key at an instant, cut to whole seconds.</summary>
    public ApiKeyExpiry(DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        _ticks = utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond);
    }

    /// <summary>Ends a key with the last moment of a day in UTC.</summary>
    public ApiKeyExpiry(DateOnly date)
    {
        IsDate = true;
        _ticks = date == DateOnly.MaxValue ? DateTime.MaxValue.Ticks : date.AddDays(1).ToDateTime(TimeOnly.MinValue).Ticks;
    }

    /// <summary>The first moment at which the key is refused.</summary>
    public DateTimeOffset Instant => new(_ticks, TimeSpan.Zero);

    /// <summary>Whether it was given as a date.</summary>
    public bool IsDate { get; }

    /// <inheritdoc/>
    public static ApiKeyExpiry Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result)
            ? result
            : throw new FormatException("An expiry is a date (2027-12-31) or an instant with its offset (2027-12-31T10:00:00Z).");

    /// <summary>Reads a date or an ISO 8601 instant with its offset; nothing else, so that no local time zone is guessed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ApiKeyExpiry result)
    {
        if (DateOnly.TryParseExact(s, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            result = new ApiKeyExpiry(date);
            return true;
        }

        if (DateTimeOffset.TryParseExact(
            s, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
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

    /// <summary>Compares instant and form.</summary>
    public static bool operator ==(ApiKeyExpiry left, ApiKeyExpiry right) => left.Equals(right);

    /// <summary>Compares instant and form.</summary>
    public static bool operator !=(ApiKeyExpiry left, ApiKeyExpiry right) => !left.Equals(right);
}
