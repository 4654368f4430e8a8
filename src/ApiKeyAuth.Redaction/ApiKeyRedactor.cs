using ApiKeyAuth.Keys;
using Microsoft.Extensions.Compliance.Redaction;

namespace ApiKeyAuth.Redaction;

/// <summary>Masks every API key in a value, as <see cref="ApiKeyFormats.Redact"/> does. The rest of the value stays readable.</summary>
/// <remarks>
/// A value without a key is not changed. For values that are secret as a whole, use a redactor that replaces the whole value, such as
/// <see cref="ErasingRedactor"/>.
/// </remarks>
public sealed class ApiKeyRedactor : Redactor
{
    private readonly ApiKeyFormats _formats;

    /// <summary>Initializes a redactor.</summary>
    /// <param name="formats">The formats of the keys to mask. <c>AddApiKeyAuth()</c> registers those of the app.</param>
    public ApiKeyRedactor(ApiKeyFormats formats)
    {
        ArgumentNullException.ThrowIfNull(formats);
        _formats = formats;
    }

    /// <inheritdoc/>
    public override int GetRedactedLength(ReadOnlySpan<char> input) => _formats.Redact(input.ToString()).Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="GetRedactedLength"/>.</exception>
    public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
    {
        var redacted = _formats.Redact(source.ToString());
        redacted.CopyTo(destination);
        return redacted.Length;
    }

    /// <inheritdoc/>
    /// <remarks>It searches the value once, unlike the overloads that write to a span.</remarks>
    public override string Redact(string? source) => source is null ? "" : _formats.Redact(source);
}
